import type { CountRow } from '../charts/count-bars.js';
import { countsTwin } from '../charts/counts-twin.js';
import { peopleTwin, type PeopleSeries } from '../charts/people-line.js';
import type { Language } from '../language/language.js';
import type { PublicContent, PublicDay, PublicParts } from '../page/public-content.js';
import type { Twin } from '../page/twin.js';
import { systemName } from './value-rows.js';

/** The tables of the page that everybody sees: of its days, versions and systems. */
export function publicTwins(content: PublicContent, language: Language): readonly Twin[] {
  const { detail, leastShown } = content;
  if (detail === null) return [];
  const { publicPage: words } = language.texts;
  const ofParts = (id: string, name: string, parts: PublicParts | null): Twin =>
    countsTwin(countRows(parts, language), { id, name, column: name, leastShown }, language);
  return [
    peopleTwin(
      peopleSeries(detail.days, leastShown),
      { id: 'active', name: words.activeName, column: words.activeColumn },
      language,
    ),
    ofParts('versions', words.version, detail.versions),
    ofParts('systems', words.system, detail.systems),
  ];
}

export const peopleSeries = (days: readonly PublicDay[], leastShown: number): PeopleSeries => ({
  leastShown,
  days: days.map(({ date, people }) => ({ date, people: people ?? 'few' })),
});

/** Values as people read them. */
export const countRows = (
  parts: PublicParts | null,
  { texts: { publicPage: words } }: Language,
): readonly CountRow[] =>
  (parts?.rows ?? []).map(({ value, people, share }) => ({
    name: value === 'other' ? words.other : value === 'unknown' ? words.unknown : systemName(value),
    ...{ value, people, share },
    ...(value === 'other' && { isOther: true }),
  }));
