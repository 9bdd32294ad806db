import type { CountRow } from '../charts/count-bars.js';
import type { Language } from '../language/language.js';
import type { ValueShares } from '../page/value-shares.js';

/** Dimensions whose values the collector has named: they have words for people. */
const NAMED: readonly string[] = ['certainty', 'container', 'wsl', 'agent', 'level', 'age'];

/** A system by the name that its users call it. */
export const systemName = (os: string): string => (os === 'Darwin' ? 'macOS' : os);

/** A value that names itself, by the name that people call it. */
export const ownName = (dimension: string, value: string): string =>
  dimension === 'os' ? systemName(value) : value;

/** The values of a dimension as rows of a table. */
export const valueRows = (
  { dimension, rows }: ValueShares,
  language: Language,
): readonly CountRow[] =>
  rows.map(({ value, count, share, change }) => ({
    ...{ value, share, change },
    name: valueName(dimension, value, language),
    people: count,
    isOther: value === 'other' || value === 'unknown',
  }));

function valueName(dimension: string, value: string, { texts, locale }: Language): string {
  const { values } = texts.systems;
  if (value === 'unknown' && dimension === 'agent') return values.noAgent;
  if (value === 'unknown' || value === 'other') return values[value];
  if (dimension === 'country' && /^[A-Z]{2}$/.test(value)) {
    return new Intl.DisplayNames(locale, { type: 'region' }).of(value) ?? value;
  }
  if (dimension.startsWith('field:')) return rangeName(value, values);
  if (!NAMED.includes(dimension)) return ownName(dimension, value);
  const names: Readonly<Record<string, string>> = values;
  return names[value] ?? value;
}

/** `<100`, `100-1000` and `>=1000` as people write them; `true` and `false` in words. */
function rangeName(
  value: string,
  { true: yes, false: no }: { true: string; false: string },
): string {
  if (value === 'true') return yes;
  if (value === 'false') return no;
  return value
    .replace(/^(\d+)-(\d+)$/, '$1–$2')
    .replace(/^>=(?=\d)/, '≥ ')
    .replace(/^<(?=\d)/, '< ');
}
