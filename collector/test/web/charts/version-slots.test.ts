import { describe, expect, it } from 'vitest';
import { versionSlots } from '../../../web/charts/version-slots.js';

const versions = (count: number): string[] => Array.from({ length: count }, (_, i) => `1.${i}.0`);

describe('versionSlots', () => {
  it('gives the newest six different slots, and 0 to older and unknown versions', () => {
    const slotOf = versionSlots(versions(1000));
    const newest = versions(1000).slice(-6).map(slotOf);
    expect([...newest].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(slotOf('1.993.0')).toBe(0);
    expect(slotOf('9.9.9')).toBe(0);
  });

  it('lets every shown version keep its slot when new ones come, until it is older', () => {
    const kept = new Map<string, number>();
    for (let count = 0; count <= 40; count += 1) {
      const slotOf = versionSlots(versions(count));
      for (const version of versions(count).slice(-6)) {
        const before = kept.get(version);
        if (before !== undefined) expect(slotOf(version)).toBe(before);
        kept.set(version, slotOf(version));
      }
    }
    expect(kept.size).toBe(40);
  });

  it('knows no version at first', () => {
    expect(versionSlots([])('1.0.0')).toBe(0);
  });
});
