import { isRecord } from '../is-record.js';
import type { LogLine } from './log-line.js';

/** Characters of a message that tell its kind. */
const MAX_CHARACTERS = 200;

/** What differs between lines of one kind, and what stands for it. The order matters. */
const DIFFERING: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/"[^"]*"|'[^']*'|`[^`]*`/g, '<text>'],
  [/\b0x[0-9a-f]+\b/gi, '<id>'],
  [/\b(?=[0-9a-z]*\d)[0-9a-z_-]{12,}\b/gi, '<id>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<id>'],
  [/\d+(?:\.\d+)*/g, '<n>'],
];

/** The message of a line without what differs between lines of one kind. */
export function normalizeMessage({
  message,
  details,
}: Pick<LogLine, 'message' | 'details'>): string {
  const [first = ''] = message.split('\n', 1);
  const { error } = details;
  const kind = isRecord(error)
    ? [error['name'], error['code']].filter((one) => typeof one === 'string').join(' ')
    : '';
  const text = DIFFERING.reduce(
    (left, [pattern, stands]) => left.replaceAll(pattern, stands),
    first.slice(0, MAX_CHARACTERS),
  );
  return kind === '' ? text : `${text} (${kind})`;
}
