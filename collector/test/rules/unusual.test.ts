import { describe, expect, it } from 'vitest';
import { isUnusual } from '../../src/rules/unusual.js';

const days = (count: number, each: number): number[] => Array.from({ length: count }, () => each);

describe('a day is unusual', () => {
  it.each<[string, number, number[], boolean]>([
    ['over 500 after days without anybody', 501, [], true],
    ['not at 500', 500, [], false],
    ['over 10 times a median of 60', 601, days(28, 60), true],
    ['not at 10 times a median of 60', 600, days(28, 60), false],
    ['not below 500, however quiet it was', 499, days(28, 1), false],
    ['where half of the days had none', 501, days(14, 100), true],
    ['where half of the days had none: the median lies between', 500, days(14, 100), false],
    ['not where 15 of 28 days had 60', 600, days(15, 60), false],
    ['where one day before was as loud', 5000, [5000, ...days(27, 60)], true],
    ['by the mean of the two in the middle', 551, [...days(14, 50), ...days(14, 60)], true],
    ['not at 10 times that mean', 550, [...days(14, 50), ...days(14, 60)], false],
  ])('%s', (_what, newPeople, before, expected) => {
    expect(isUnusual(newPeople, before)).toBe(expected);
  });
});
