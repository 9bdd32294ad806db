import type { Language } from '../language/language.js';
import {
  QUALITY_KINDS,
  type QualityContent,
  type QualityCounts,
  type QualityPart,
} from '../page/quality-content.js';
import type { Twin, TwinCell } from '../page/twin.js';

/** The tables of the page. */
export const qualityTwins = (content: QualityContent, language: Language): readonly Twin[] => [
  kindsTwin(content, language),
  partsTwin(content, language),
  reasonsTwin(content, language),
];

/** All that was refused. */
export const refusedOf = ({ refused }: QualityCounts): number =>
  Object.values(refused).reduce((sum, n) => sum + n, 0);

/** Kinds of reports that came and are not counted, besides those that were refused. */
const NOT_COUNTED = ['too_old', 'forgotten', 'uncountable'] as const;

/** All that came: counted, counted before, refused, or not counted. */
export const receivedOf = (counts: QualityCounts): number =>
  counts.kinds.accepted +
  counts.kinds.duplicates +
  refusedOf(counts) +
  NOT_COUNTED.reduce((sum, kind) => sum + counts.kinds[kind], 0);

/** The parts of a bar, from the ground up: each report that came is in one of them. */
export const partsOf = (counts: QualityCounts) => {
  const { kinds } = counts;
  return {
    counted: kinds.accepted - kinds.late,
    late: kinds.late,
    duplicates: kinds.duplicates,
    refused: refusedOf(counts),
    notCounted: NOT_COUNTED.reduce((sum, kind) => sum + kinds[kind], 0),
  };
};

/** Losses are no reports that came, so they have no share of those. */
const IS_LOSS: readonly string[] = ['lost_in_restore', 'unknown_losses'];

/** What became of the reports, kind by kind as the API counts them. */
export function kindsTwin({ totals }: QualityContent, { texts, formats }: Language): Twin {
  const { quality } = texts;
  const received = receivedOf(totals);
  const row = (kind: string, name: string, n: number): readonly TwinCell[] => {
    const share = received === 0 || IS_LOSS.includes(kind) ? null : n / received;
    return [
      { value: kind, text: name },
      { value: n, text: formats.number(n) },
      { value: share, text: share === null ? '' : formats.share(share) },
    ];
  };
  return {
    id: 'reports',
    name: quality.reports,
    columns: [
      { key: 'kind', name: quality.what },
      { key: 'reports', name: quality.number },
      { key: 'share', name: quality.share },
    ],
    rows: [
      ...QUALITY_KINDS.map((kind) => row(kind, quality.kinds[kind].name, totals.kinds[kind])),
      row('rejected', quality.refused, refusedOf(totals)),
    ],
  };
}

/** The same over time. */
export function partsTwin({ parts }: QualityContent, language: Language): Twin {
  const { texts, formats } = language;
  const { quality } = texts;
  const cell = (n: number): TwinCell => ({ value: n, text: formats.number(n) });
  return {
    id: 'reports-over-time',
    name: quality.over,
    columns: [
      { key: 'from', name: quality.day },
      { key: 'to', name: quality.lastDay },
      { key: 'counted_in_time', name: quality.counted },
      { key: 'late', name: quality.late },
      { key: 'duplicates', name: quality.duplicates },
      { key: 'rejected', name: quality.refused },
      { key: 'not_counted', name: quality.notCounted },
    ],
    rows: parts.map((part) => {
      const { counted, late, duplicates, refused, notCounted } = partsOf(part);
      return [
        { value: part.from, text: formats.weekday(part.from) },
        { value: part.to, text: endOf(part, language) },
        ...[counted, late, duplicates, refused, notCounted].map(cell),
      ];
    }),
  };
}

/** What is said of a part's end: nothing of a single day that is over. */
function endOf({ from, to, complete }: QualityPart, { texts, formats }: Language): string {
  if (!complete) return texts.quality.running;
  return from === to ? '' : formats.weekday(to);
}

/** What was refused, by the code of the problem. */
export function reasonsTwin({ totals }: QualityContent, { texts, formats }: Language): Twin {
  const { quality } = texts;
  const refused = refusedOf(totals);
  return {
    id: 'refused',
    name: quality.reasons,
    columns: [
      { key: 'code', name: quality.reason },
      { key: 'reports', name: quality.number },
      { key: 'share', name: quality.shareOfRefused },
    ],
    rows: Object.entries(totals.refused)
      .sort(([, a], [, b]) => b - a)
      .map(([code, n]) => [
        { value: code, text: code },
        { value: n, text: formats.number(n) },
        { value: n / refused, text: formats.share(n / refused) },
      ]),
  };
}
