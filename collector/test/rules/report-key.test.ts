import { describe, expect, it } from 'vitest';
import { timeOfKey, toReportKey } from '../../src/rules/report-key.js';

const ada = Buffer.alloc(16, 1);
const bob = Buffer.alloc(16, 2);

describe('the key of a report', () => {
  it('is the UUID itself, in either case', () => {
    const key = toReportKey('0197A000-0000-7000-8000-0000000000FF', ada);
    expect(key.toString('hex')).toBe('0197a0000000700080000000000000ff');
    expect(toReportKey('0197a000-0000-7000-8000-0000000000ff', bob)).toEqual(key);
  });

  it('is made of any other text and the user', () => {
    expect(toReportKey('1', ada)).toHaveLength(16);
    expect(toReportKey('1', ada)).toEqual(toReportKey('1', ada));
    expect(toReportKey('1', ada)).not.toEqual(toReportKey('1', bob));
    expect(toReportKey('1', ada)).not.toEqual(toReportKey('2', ada));
    for (let n = 0; n < 1000; n++) {
      expect(timeOfKey(toReportKey(String(n), ada))).toBeUndefined();
    }
  });

  it('tells when a UUIDv7 was made, and of no other', () => {
    const timeOf = (reportId: string) => timeOfKey(toReportKey(reportId, ada));
    expect(timeOf('0197a000-0000-7000-8000-0000000000ff')).toBe(0x0197a0000000);
    expect(timeOf('0197a000-0000-4000-8000-0000000000ff')).toBeUndefined();
    expect(timeOf('0197a000-0000-7000-c000-0000000000ff')).toBeUndefined();
  });
});
