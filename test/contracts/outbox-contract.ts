import { describe, expect, it } from 'vitest';
import type { OutboxStorage } from '../../src/storage/storage.js';

/**
 * What every {@link OutboxStorage} must do. `open` makes a new and empty one. One that keeps
 * nothing takes every call and never has a segment.
 */
export function outboxContract(
  name: string,
  open: () => OutboxStorage,
  { keeps = true } = {},
): void {
  describe(`outbox storage: ${name}`, () => {
    if (!keeps) {
      it('takes every call and never has a segment', async () => {
        const outbox = open();
        outbox.append('a\n');
        outbox.seal();
        expect(await outbox.list()).toEqual([]);
        expect(await outbox.claim('1')).toBeUndefined();
        await outbox.rewrite('1', 'b\n');
        await outbox.release('1');
        await outbox.remove('1');
      });
      return;
    }

    async function claimAll(outbox: OutboxStorage): Promise<[string, string][]> {
      const claimed: [string, string][] = [];
      for (const segment of await outbox.list()) {
        const text = await outbox.claim(segment);
        if (text !== undefined) claimed.push([segment, text]);
      }
      return claimed;
    }
    const texts = async (outbox: OutboxStorage) => (await claimAll(outbox)).map(([, text]) => text);

    it('lists nothing at first, and nothing that is still open', async () => {
      const outbox = open();
      expect(await outbox.list()).toEqual([]);
      outbox.append('a\n');
      expect(await outbox.list()).toEqual([]);
    });

    it('gives a sealed segment with all its lines in their order', async () => {
      const outbox = open();
      outbox.append('a\n');
      outbox.append('b\n');
      outbox.seal();
      expect(await texts(outbox)).toEqual(['a\nb\n']);
    });

    it('seals nothing where nothing was appended', async () => {
      const outbox = open();
      outbox.seal();
      expect(await outbox.list()).toEqual([]);
    });

    it('appends to a new segment after sealing, and lists the oldest first', async () => {
      const outbox = open();
      for (const line of ['a\n', 'b\n', 'c\n']) {
        outbox.append(line);
        outbox.seal();
      }
      expect(await texts(outbox)).toEqual(['a\n', 'b\n', 'c\n']);
    });

    it('gives a segment to one only', async () => {
      const outbox = open();
      outbox.append('a\n');
      outbox.seal();
      const [segment = ''] = await outbox.list();
      const claims = await Promise.all([outbox.claim(segment), outbox.claim(segment)]);
      expect(claims.filter((text) => text !== undefined)).toEqual(['a\n']);
      expect(await outbox.list()).toEqual([]);
    });

    it('gives a released segment again, as it was rewritten', async () => {
      const outbox = open();
      outbox.append('a\nb\n');
      outbox.seal();
      const [[segment] = ['']] = await claimAll(outbox);
      await outbox.rewrite(segment, 'b\n');
      await outbox.release(segment);
      expect(await claimAll(outbox)).toEqual([[segment, 'b\n']]);
    });

    it('has a removed segment no more', async () => {
      const outbox = open();
      outbox.append('a\n');
      outbox.seal();
      const [[segment] = ['']] = await claimAll(outbox);
      await outbox.remove(segment);
      expect(await outbox.list()).toEqual([]);
      expect(await outbox.claim(segment)).toBeUndefined();
    });

    it('has no segment of a name it never gave', async () => {
      expect(await open().claim('nothing')).toBeUndefined();
    });

    describe('that is bounded', () => {
      const LIMITS = { maxReports: 3, maxBytes: 1_000, maxAgeMs: 60_000 };
      const fill = (outbox: OutboxStorage, segments: readonly (readonly string[])[]): void => {
        for (const lines of segments) {
          for (const line of lines) outbox.append(line);
          outbox.seal();
        }
      };

      it('gives up the oldest segments until the rest is within the bound, and tells how many reports that cost', async () => {
        const outbox = open();
        if (!outbox.bound) return;
        fill(outbox, [['a\n', 'b\n'], ['c\n'], ['d\n', 'e\n']]);
        expect(outbox.bound(LIMITS)).toEqual({ lost: 2, left: 3 });
        expect(await texts(outbox)).toEqual(['c\n', 'd\ne\n']);
        expect(outbox.bound(LIMITS)).toEqual({ lost: 0, left: 3 });
      });

      it('counts bytes as well as reports', async () => {
        const outbox = open();
        if (!outbox.bound) return;
        fill(outbox, [['a'.repeat(600)], ['b'.repeat(600)]]);
        expect(outbox.bound(LIMITS)).toEqual({ lost: 1, left: 1 });
        expect((await texts(outbox))[0]).toMatch(/^b/);
      });

      it('never gives up what is open or claimed', async () => {
        const outbox = open();
        if (!outbox.bound) return;
        fill(outbox, [['a\n'], ['b\n']]);
        const claimed = await claimAll(outbox);
        outbox.append('c\n');
        expect(outbox.bound({ ...LIMITS, maxReports: 0 })).toEqual({ lost: 0, left: 2 });
        expect(claimed).toHaveLength(2);
      });

      it('keeps the running total of what was lost', async () => {
        const outbox = open();
        if (!outbox.lose || !outbox.lostTotal) return;
        expect(await outbox.lostTotal()).toBe(0);
        outbox.lose(2);
        outbox.lose(3);
        expect(await outbox.lostTotal()).toBe(5);
      });
    });
  });
}
