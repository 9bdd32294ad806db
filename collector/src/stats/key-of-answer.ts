import type { PosedQuestion } from './answer-question.js';

/** Everything that an answer depends on. Its `as_of` may be older, by less than a second. */
export function keyOfAnswer(
  { path, asked, query, format }: PosedQuestion,
  version: string,
): string {
  const second = Math.floor(asked.asOf.getTime() / 1000);
  const members = Object.entries(query as object).sort(([a], [b]) => (a < b ? -1 : 1));
  // What the public sees of a dimension is the same as long as it was made at the same moment.
  const cells = Object.entries(asked.cells ?? {}).map(([name, { madeAt }]) => [name, madeAt]);
  return JSON.stringify([version, path, format, { ...asked, cells, asOf: second }, members]);
}
