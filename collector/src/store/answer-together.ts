import type { Answers, Counts, Questions } from './counts.js';

/** Asks some questions one after the other; what they are about must not change meanwhile. */
export function answerTogether<Asked extends Questions>(
  counts: Counts,
  questions: Asked,
): Answers<Asked> {
  // Types cannot follow that each question is asked by its own name.
  const ask = counts as unknown as Readonly<Record<string, (question: unknown) => unknown>>;
  const answers = Object.entries(questions).map(([name, question]) => [
    name,
    ask[name]?.(question),
  ]);
  return Object.fromEntries(answers) as Answers<Asked>;
}
