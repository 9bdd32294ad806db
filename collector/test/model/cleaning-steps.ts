import fc from 'fast-check';
import { expect } from 'vitest';
import { addDays, dateIn } from './calendar.js';
import type { NaiveCount } from './naive-count.js';
import { PROJECTS } from './wire-reports.js';

/** A request of the administrator's: to take out, or to undo one of the cleanings so far. */
export type CleaningStep =
  | {
      readonly kind: 'clean';
      readonly project: string;
      /** How many days ago the first of the days is, and how many there are; all without. */
      readonly days: { readonly ago: number; readonly length: number } | undefined;
      readonly isNew: boolean;
      readonly where: { readonly dimension: string; readonly value: string } | undefined;
    }
  | { readonly kind: 'undo'; readonly which: number };

const UNDO_MS = 7 * 86_400_000;

export const cleaningSteps: fc.Arbitrary<CleaningStep> = fc.oneof(
  fc.record({
    kind: fc.constant('clean' as const),
    project: fc.constantFrom(...PROJECTS),
    days: fc.option(fc.record({ ago: fc.integer({ min: -1, max: 45 }), length: fc.nat(30) }), {
      nil: undefined,
      freq: 4,
    }),
    isNew: fc.boolean(),
    where: fc.option(
      fc.constantFrom(
        { dimension: 'version', value: '1.0.0' },
        { dimension: 'os', value: 'Linux' },
        { dimension: 'certainty', value: 'likely' },
        { dimension: 'event', value: 'build' },
      ),
      { nil: undefined },
    ),
  }),
  fc.record({ kind: fc.constant('undo' as const), which: fc.nat(5) }),
);

/** Sends a request to a collector, and gives the status and the body of the answer. */
type Send = (
  method: 'POST' | 'DELETE',
  url: string,
  payload?: object,
) => Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>;

/**
 * Does a step to a collector and to the model.
 *
 * @param latest - The latest that the clock has been: what is over is over, also if it is set back.
 */
export async function cleanBoth(
  step: CleaningStep,
  now: number,
  latest: number,
  count: NaiveCount,
  send: Send,
): Promise<void> {
  if (step.kind === 'clean') {
    const { project, where } = step;
    const from = addDays(dateIn(count.zoneOf(project), now), -(step.days?.ago ?? 0));
    const days = step.days && { from, to: addDays(from, step.days.length) };
    const isNew = step.isNew && days !== undefined && where?.dimension !== 'event';
    const url = `/v1/projects/${encodeURIComponent(project)}/cleanings`;
    const payload = { ...days, new: isNew, ...(where && { where }) };
    const dry = await send('POST', url, { ...payload, dry_run: true });
    const { status, body } = await send('POST', url, payload);
    // Nothing was ever counted of the project.
    if (status === 404) return;
    expect({ step, status, body }).toMatchObject({ status: 202, body: { state: 'done' } });
    const people = count.clean(String(body['id']), now + UNDO_MS, { project, days, isNew, where });
    const { dry_run, ...figures } = dry.body;
    expect({ step, dry_run, body }).toMatchObject({ dry_run: true, body: { ...figures, people } });
    return;
  }
  const cleaning = count.cleaning(step.which);
  if (cleaning === undefined) return;
  const { status } = await send('DELETE', `/v1/cleanings/${cleaning.id}`);
  const isOver = cleaning.isUndone || now > cleaning.until || count.isCovered(cleaning);
  // A collector may have erased it already; only then it may refuse what is not over by its clock.
  const mayRefuse = isOver || latest >= cleaning.until;
  expect({ step, status }).toEqual({
    step,
    status: isOver || (mayRefuse && status === 409) ? 409 : 202,
  });
  if (status === 202) cleaning.isUndone = true;
}
