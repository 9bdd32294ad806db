import type { Language } from '../language/language.js';
import type { TwinCell } from '../page/twin.js';

/** A number of people: `few` if they are too few to be shown, `null` if nobody knows it. */
export type Count = number | 'few' | null;

/** The number to draw; none of few and of unknown, which are not zero. */
export const drawn = (count: Count): number | null => (typeof count === 'number' ? count : null);

/** Writes numbers of people; `leastShown` is the smallest number that is shown (k). */
export function countText(count: Count, leastShown: number, language: Language): string {
  if (count === 'few') return language.texts.charts.fewerThan(leastShown);
  return count === null ? language.texts.charts.unknown : language.formats.number(count);
}

export const countCell = (count: Count, leastShown: number, language: Language): TwinCell => ({
  value: drawn(count),
  text: countText(count, leastShown, language),
});

export const shareCell = (share: number | null, language: Language): TwinCell => ({
  value: share,
  text: share === null ? language.texts.charts.unknown : language.formats.share(share),
});

export const textCell = (text: string): TwinCell => ({ value: text === '' ? null : text, text });

export const EMPTY_CELL: TwinCell = { value: null, text: '' };
