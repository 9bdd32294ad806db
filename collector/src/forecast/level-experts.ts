import { meanOf, medianOf } from './order-statistics.js';
import { createWeekdayEffects } from './weekday-effects.js';

/** Several simple forecasts, weighted by how good each was lately; logarithms. */
export interface LevelExperts {
  /** The common forecast of a day. */
  predict(weekday: number): number;
  /**
   * Goes on to the next day.
   *
   * @param value - The value that later days are compared with.
   * @param isJudged - Whether the forecasts are judged by it.
   */
  learn(weekday: number, value: number, isJudged: boolean): void;
  /** Learns a weekday anew. */
  forget(weekday: number): void;
}

/** How many weeks weekday effects are learnt from. */
const WEEKS = [3, 9, 52] as const;

/**
 * How much of a day's difference from its forecast the level takes over for good, and how much more
 * of it comes again on the next day only.
 */
const RATES = [
  { rate: 0.06, echo: 0 },
  { rate: 0.2, echo: 0 },
  { rate: 0.5, echo: 0 },
  { rate: 0.9, echo: 0 },
  { rate: 0.06, echo: 0.5 },
] as const;

/** How much of the past judgement of an expert counts after a day. */
const JUDGEMENT_KEPT = 0.97;

/** How sharply better experts are preferred. */
const PREFERENCE = 2;

/** A mistake counts as at most so many usual ones. */
const MOST_MISTAKE = 3;

/** How much of a new mistake the usual one takes over. */
const USUAL_TAKEN_OVER = 0.03;

/** The least usual mistake; logarithms. */
const LEAST_MISTAKE = 1e-6;

/** Growth is the difference from so many days before. */
const GROWTH_DAYS = 28;

/**
 * Creates the experts: one for each memory of weekdays and each rate, with growth and without.
 *
 * @param first - The values of the first two weeks. Weekday 0 is the first of them.
 */
export function createLevelExperts(first: readonly number[]): LevelExperts {
  const memories = WEEKS.map(createWeekdayEffects);
  const experts = WEEKS.flatMap((_, memory) =>
    RATES.flatMap((rate) => [0, 1].map((growing) => ({ ...rate, memory, growing }))),
  );
  const levels = new Float64Array(experts.length).fill(meanOf(first.slice(-7)));
  /** The sum of each one's mistakes, older ones less. */
  const mistakes = new Float64Array(experts.length);
  /** The prediction of each one. */
  const each = new Float64Array(experts.length);
  /** How far the last day lay from each one's level. */
  const echoes = new Float64Array(experts.length);
  const recent: number[] = [];
  let growth = 0;
  let usualMistake = spreadOf(first);

  const remember = (weekday: number, value: number): void => {
    recent.push(value);
    if (recent.length > 2 * GROWTH_DAYS) recent.shift();
    // The last day with three known days after it.
    if (recent.length >= 7) {
      const week = recent.slice(-7);
      for (const effects of memories) effects.learn((weekday + 4) % 7, week);
    }
    if (recent.length === 2 * GROWTH_DAYS) growth = growthOf(recent);
  };
  const predictEach = (weekday: number): void => {
    const effects = memories.map((memory) => memory.of(weekday));
    for (const [at, { memory, growing, echo }] of experts.entries()) {
      each[at] =
        (levels[at] ?? 0) + (effects[memory] ?? 0) + growing * growth + echo * (echoes[at] ?? 0);
    }
  };
  const mix = (): number => {
    let least = Infinity;
    for (const mistake of mistakes) least = Math.min(least, mistake);
    const sharpness = PREFERENCE / Math.max(usualMistake, LEAST_MISTAKE);
    let sum = 0;
    let weights = 0;
    for (let at = 0; at < experts.length; at++) {
      const weight = Math.exp(sharpness * (least - (mistakes[at] ?? 0)));
      sum += weight * (each[at] ?? 0);
      weights += weight;
    }
    return sum / weights;
  };

  for (const [at, value] of first.entries()) remember(at % 7, value);
  return {
    predict: (weekday) => {
      predictEach(weekday);
      return mix();
    },
    learn: (weekday, value, isJudged) => {
      predictEach(weekday);
      const most = MOST_MISTAKE * Math.max(usualMistake, LEAST_MISTAKE);
      if (isJudged) {
        const mistake = Math.min(Math.abs(value - mix()), most);
        usualMistake += USUAL_TAKEN_OVER * (mistake - usualMistake);
      }
      for (const [at, { rate, growing, echo }] of experts.entries()) {
        const step = value - (each[at] ?? 0);
        const whole = step + echo * (echoes[at] ?? 0);
        levels[at] = (levels[at] ?? 0) + growing * growth + rate * whole;
        echoes[at] = whole;
        if (!isJudged) continue;
        mistakes[at] = JUDGEMENT_KEPT * (mistakes[at] ?? 0) + Math.min(Math.abs(step), most);
      }
      remember(weekday, value);
    },
    forget: (weekday) => {
      for (const memory of memories) memory.forget(weekday);
    },
  };
}

/** The growth of a day: the median of what the last days grew by. */
function growthOf(values: readonly number[]): number {
  const before = values.slice(-2 * GROWTH_DAYS, -GROWTH_DAYS);
  const grown = values.slice(-GROWTH_DAYS).map((value, at) => value - (before[at] ?? value));
  return medianOf(grown) / GROWTH_DAYS;
}

/** How much a day usually differs from the same weekday before. */
const spreadOf = (values: readonly number[]): number =>
  0.7 * medianOf(values.slice(7).map((value, at) => Math.abs(value - (values[at] ?? value))));
