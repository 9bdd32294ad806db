import { hasCode } from '../has-code.js';
import { DAY_MS, dateOfDay } from '../rules/day.js';
import { DRAWN_DAYS, lastComplete, type Morning, TOLD_DAYS, toMorning } from './morning.js';
import { isAnnotations, isForecast, isGrowth, isQuality, isSilence } from './morning-answers.js';

/**
 * Asks a path, and returns the body if it is what `isExpected` accepts.
 *
 * @throws With the code of the problem, if the collector answers with one.
 */
export type Ask = <Body>(
  path: string,
  isExpected: (body: unknown) => body is Body,
) => Promise<Body>;

/**
 * Asks for what is looked at in the morning. Which day it is, the collector says.
 *
 * @returns `undefined` if the caller may not know how the project grows.
 * @throws What `ask` throws.
 */
export async function askMorning(project: string, ask: Ask): Promise<Morning | undefined> {
  const of = (question: string, query: Readonly<Record<string, string>>): string =>
    `/v1/stats/${question}?${new URLSearchParams({ project, ...query }).toString()}`;
  const byDay = await ifShown(ask(of('growth', { window: '1d' }), isGrowth));
  const date = byDay && lastComplete(byDay);
  if (byDay === undefined || date === undefined) return undefined;
  const last = Math.floor(Date.parse(date) / DAY_MS);
  const span = (days: number, to = last): { from: string; to: string } => ({
    from: dateOfDay(to - days + 1),
    to: dateOfDay(to),
  });
  const [byWeek, byMonth, forecast, annotations, silence, recent, usual] = await Promise.all([
    ask(of('growth', { window: '7d', ...span(7) }), isGrowth),
    ask(of('growth', { window: '28d', ...span(28) }), isGrowth),
    ifShown(ask(of('forecast', span(TOLD_DAYS + 1, last + 1)), isForecast)),
    ifShown(ask(of('annotations', span(TOLD_DAYS + 1, last + 1)), isAnnotations)),
    ifShown(ask(of('silence', {}), isSilence)),
    ifShown(ask(of('quality', span(TOLD_DAYS, last + 1)), isQuality)),
    ifShown(ask(of('quality', span(DRAWN_DAYS, last + 1 - TOLD_DAYS)), isQuality)),
  ]);
  const quality = recent === undefined || usual === undefined ? undefined : { recent, usual };
  return toMorning({ byDay, byWeek, byMonth, forecast, annotations, silence, quality });
}

async function ifShown<Body>(answer: Promise<Body>): Promise<Body | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, 'token_required', 'wrong_level')) return undefined;
    throw error;
  }
}
