import { OTHER } from '../rules/limits.js';
import { type Static, Type } from 'typebox';

const mergedSchema = Type.Object(
  {
    below: Type.Integer({ description: 'Groups of fewer people are part of other, or left out' }),
    at_least: Type.Array(Type.String(), {
      description:
        'Values whose counts are lower bounds, in a summary with their dimension before them: some of ' +
        'their people are in other, so that it has as many as below',
    }),
    note: Type.String({ description: 'The same for people' }),
  },
  {
    additionalProperties: false,
    description:
      'Only there if small groups may be part of other, or left out: for callers who may not see them',
  },
);

/** The member of every answer by a dimension in which small groups are joined. */
export const mergedMember = { merged: Type.Optional(mergedSchema) };

/** The member of every row with the people of a value. */
export const atLeastMark = {
  at_least: Type.Optional(
    Type.Literal(true, {
      description: 'Only where the count is a lower bound: see merged',
    }),
  ),
};

/** What {@link mergedMember} says. */
export type Merged = Static<typeof mergedSchema>;

/**
 * Says that small groups are part of `other`.
 *
 * @param below - The size from which groups are shown.
 * @param atLeast - The values whose counts are lower bounds.
 */
export const toMerged = (below: number, atLeast: Iterable<string>): { readonly merged: Merged } =>
  sayOf(
    `Values of fewer than ${below} people are part of other, and so is the next smallest where that ` +
      'would tell of them.',
    below,
    atLeast,
  );

/**
 * Says that small groups are left out, for a dimension of which people have several values or none:
 * what is left of a total says nothing of these.
 */
export const toLeftOut = (below: number, atLeast: Iterable<string>): { readonly merged: Merged } =>
  sayOf(
    `Values of fewer than ${below} people are left out, and so is the next smallest where that would ` +
      'tell of them.',
    below,
    atLeast,
  );

function sayOf(
  note: string,
  below: number,
  atLeast: Iterable<string>,
): { readonly merged: Merged } {
  const names = [...new Set(atLeast)].sort();
  const bounds = ` Counts of the values in at_least are up to ${below - 1} too low.`;
  return {
    merged: { below, at_least: names, note: names.length > 0 ? `${note}${bounds}` : note },
  };
}

/** Says that groups of fewer than `below` people, and no others, are part of `other`. */
export const toJoined = (below: number): Merged => ({
  ...{ below, at_least: [] },
  note: `Values of fewer than ${below} people are part of other.`,
});

/** The mark of a value's count in a window; nothing if it is no lower bound. */
export const atLeastOf = (
  value: string | undefined,
  n: number,
  isShort: boolean | undefined,
): { readonly at_least?: true } =>
  isShort === true && value !== OTHER && n > 0 ? { at_least: true } : {};
