import { createCourse } from './course.js';
import { meanOf, medianOf } from './order-statistics.js';

/** Several simple forecasts, weighted by how good each was lately; logarithms. */
export interface LevelExperts {
  /** The common forecast of the next day. */
  predict(weekday: number): number;
  /**
   * Goes on after the day that was predicted last.
   *
   * @param value - The value that later days are compared with.
   * @param isJudged - Whether the forecasts are judged by it.
   */
  learn(weekday: number, value: number, isJudged: boolean): void;
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
  { rate: 0.02, echo: 0.3 },
  { rate: 0.02, echo: 0.7 },
] as const;

/** How much of the past judgement of an expert counts after a day. */
const JUDGEMENT_KEPT = 0.95;

/** How sharply better experts are preferred. */
const PREFERENCE = 1.5;

/**
 * A mistake counts by its square, as at most so many usual ones. By its size, who expects what came
 * last would be best where mostly nobody comes.
 */
const MOST_MISTAKE = 3;

/** How much of a new mistake the usual one takes over. */
const USUAL_TAKEN_OVER = 0.03;

/** The least usual mistake; logarithms. */
const LEAST_MISTAKE = 1e-6;

/** A forecast of its own: a level that follows the days at a rate, and the effect of the weekday. */
interface Expert {
  readonly memory: number;
  readonly rate: number;
  readonly echo: number;
  readonly isGrowing: boolean;
  level: number;
  /** How far the last day lay from the level. */
  last: number;
  /** Its forecast of the day. */
  forecast: number;
  /** The sum of its mistakes, older ones less. */
  mistakes: number;
}

/**
 * Creates the experts: one for each memory of weekdays and each rate, with growth and without.
 *
 * @param first - The values of the first two weeks. Weekday 0 is the first of them.
 */
export function createLevelExperts(first: readonly number[]): LevelExperts {
  const course = createCourse(WEEKS);
  const level = meanOf(first.slice(-7));
  const experts = WEEKS.flatMap((_, memory) =>
    RATES.flatMap((rate) =>
      [false, true].map((isGrowing): Expert => ({
        ...{ memory, ...rate, isGrowing, level },
        ...{ last: 0, forecast: level, mistakes: 0 },
      })),
    ),
  );
  let usualMistake = spreadOf(first);
  let common = level;
  for (const [at, value] of first.entries()) course.learn(at % 7, value);

  /** Asks each expert, and weighs the answers. */
  const predict = (weekday: number): number => {
    const effects = course.effectsOf(weekday);
    let least = Infinity;
    for (const one of experts) {
      one.forecast = one.level + (effects[one.memory] ?? 0) + one.echo * one.last;
      if (one.isGrowing) one.forecast += course.growth;
      least = Math.min(least, one.mistakes);
    }
    const sharpness = PREFERENCE / Math.max(usualMistake, LEAST_MISTAKE);
    let sum = 0;
    let weights = 0;
    for (const one of experts) {
      const weight = Math.exp(sharpness * (least - one.mistakes));
      sum += weight * one.forecast;
      weights += weight;
    }
    return (common = sum / weights);
  };
  return {
    predict,
    learn: (weekday, value, isJudged) => {
      const mistake = Math.abs(value - common);
      const most = MOST_MISTAKE * Math.max(usualMistake, LEAST_MISTAKE);
      for (const one of experts) {
        const step = value - one.forecast;
        const fromLevel = step + one.echo * one.last;
        one.level += one.rate * fromLevel + (one.isGrowing ? course.growth : 0);
        one.last = fromLevel;
        if (isJudged) {
          one.mistakes =
            JUDGEMENT_KEPT * one.mistakes +
            Math.min((step * step) / (2 * Math.max(usualMistake, LEAST_MISTAKE)), most);
        }
      }
      if (isJudged) usualMistake += USUAL_TAKEN_OVER * (Math.min(mistake, most) - usualMistake);
      course.learn(weekday, value);
    },
  };
}

/** How much a day usually differs from the same weekday before. */
const spreadOf = (values: readonly number[]): number =>
  0.7 * medianOf(values.slice(7).map((value, at) => Math.abs(value - (values[at] ?? value))));
