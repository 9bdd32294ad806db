import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInRange, isRange, rankVersions } from '../../src/rules/compare-versions.js';

const order = (values: readonly string[]) => rankVersions(values).map(({ value }) => value);

describe('the order of versions', () => {
  it.each([
    [['1.10.0', '1.9.0', '1.2.0']],
    [['2.0.0', '2.0.0-rc.1', '2.0.0-beta.11', '2.0.0-beta.2', '2.0.0-alpha', '1.9.9']],
    [['3.13', '3.13.0rc2', '3.9', '3.9.0a1', '3.8']],
    [['10.0.22631', '10.0.19045.4000', '10.0.19045.200', '6.1']],
    [['22.4', '20.20', '18.19', 'nightly', 'unknown']],
    [['1.0.0', '0.9.0', 'dev', 'other']],
  ])('is that of semantic versions: %j', (latestFirst) => {
    expect(order([...latestFirst].reverse())).toEqual(latestFirst);
    expect(order(latestFirst)).toEqual(latestFirst);
  });

  it('takes versions that differ in their build only as equal, and knows what is none', () => {
    expect(rankVersions(['1.0.0', '1.0.0+b2', '2.0.0', 'unknown'])).toEqual([
      { value: '2.0.0', rank: 0 },
      { value: '1.0.0', rank: 1 },
      { value: '1.0.0+b2', rank: 1 },
      { value: 'unknown', rank: null },
    ]);
  });

  it('takes a value with a number that cannot be compared exactly for no version', () => {
    for (const value of [
      '9007199254740992.0.0',
      '9999999999999999999999.0.0',
      '1.0.20241122103055123456',
      '1.99999999999999999',
      '1.2.3.99999999999999999',
      '1.2.3-rc.99999999999999999',
      '00000000000000000001.0',
    ]) {
      expect(rankVersions(['0.0.1', value])).toEqual([
        { value: '0.0.1', rank: 0 },
        { value, rank: null },
      ]);
      expect([value, isInRange(value, '<2')]).toEqual([value, false]);
      expect([value, isInRange(value, '*')]).toEqual([value, false]);
    }
    const exact = ['9007199254740991.0.0', '1.0.9007199254740991', '1.0.9007199254740990'];
    expect(order([...exact].reverse())).toEqual(exact);
    expect(isInRange('1.0.0+99999999999999999999', '<2')).toBe(true);
  });

  it('does not depend on the order in which they come, whatever the texts are', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.stringMatching(/^[0-9v.+a-c-]{1,12}$/),
      fc.tuple(fc.nat(11), fc.nat(11), fc.nat(11)).map((numbers) => numbers.join('.')),
    );
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 12 }), (values) => {
        expect(order([...values].reverse())).toEqual(order(values));
      }),
    );
  });

  it('knows ranges', () => {
    expect(isRange('<2 || 3.x')).toBe(true);
    expect(isRange('older than two')).toBe(false);
    expect(
      ['1.9.9', '2.0.0', '3.4.0', '3.5.0-beta.1', 'unknown'].map((v) => isInRange(v, '<2 || 3.x')),
    ).toEqual([true, false, true, true, false]);
    expect(isInRange('18.19', '<20')).toBe(true);
  });
});
