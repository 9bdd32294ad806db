/** One promise to the people who run a program, and whether the program keeps it. */
export interface Kept {
  readonly name: string;
  readonly ok: boolean;
  /** What was seen, in one line. */
  readonly text: string;
  /** More of what was seen, one line each. */
  readonly details: readonly string[];
  /** What to do next. */
  readonly advice: string | undefined;
}

/** What is told beside the text of a promise. */
interface Told {
  readonly details?: readonly (string | undefined)[];
  readonly advice?: string;
}

/** A {@link Kept} promise. */
export const kept = (name: string, text: string, { details = [] }: Told = {}): Kept => ({
  name,
  ok: true,
  text,
  details: details.filter((line) => line !== undefined),
  advice: undefined,
});

/** A promise that is broken. */
export const broken = (name: string, text: string, { details = [], advice }: Told): Kept => ({
  name,
  ok: false,
  text,
  details: details.filter((line) => line !== undefined),
  advice,
});
