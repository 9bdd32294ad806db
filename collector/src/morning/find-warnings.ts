import type {
  ForecastAnswer,
  GrowthAnswer,
  QualityAnswer,
  SilenceAnswer,
} from './morning-answers.js';

/** What should be looked at. */
export interface Warning {
  readonly kind: 'silence' | 'counting' | 'losses' | 'refused' | 'full' | 'unusual' | 'people';
  readonly text: string;
}

/** A share of refused reports below this is of no interest, and so are few of them. */
const LEAST_REFUSED_SHARE = 0.01;
const LEAST_REFUSED = 10;

/** So many times the usual share is remarkable. */
const REMARKABLE_TIMES = 3;

/**
 * The days that lie outside what was expected, and their reasons; where counting is the likelier
 * reason, these come first.
 */
export function forecastWarnings({ rows }: ForecastAnswer): readonly Warning[] {
  return rows
    .filter(({ flags }) => flags.some((flag) => flag in WORDS))
    .map(({ date, observed, low, high, flags, reasons }): Warning => {
      const words = flags.flatMap((flag) => WORDS[flag] ?? []).join(', ');
      const band = low === null || high === null ? '' : `; ${low} to ${high} were expected`;
      const why = reasons.map(({ text }) => `. ${text}`).join('');
      const isOfCounting = reasons.some((one) => one.kind === 'counting_problem');
      return {
        kind: isOfCounting ? 'counting' : 'people',
        text: `${date} ${words}: ${observed ?? 0} people${band}${why}.`,
      };
    })
    .sort((a, b) => Number(b.kind === 'counting') - Number(a.kind === 'counting'));
}

const WORDS: Readonly<Record<string, string>> = {
  low: 'is low',
  high: 'is high',
  slow_fall: 'ends a week that fell',
  slow_rise: 'ends a week that rose',
  shift: 'sets a new level',
};

/** What came and comes no more: a project's reports, or an event or a field in them. */
export function silenceWarnings({ rows }: SilenceAnswer): readonly Warning[] {
  return rows
    .filter(({ state }) => state === 'silent' || state === 'stopped')
    .map(({ text }) => ({ kind: 'silence', text }));
}

/** The days with unusually many new people. */
export function unusualWarnings({ unusual }: Pick<GrowthAnswer, 'unusual'>): readonly Warning[] {
  return unusual.map((date) => ({
    kind: 'unusual',
    text: `${date} has unusually many new people. If they are not real, headcount-collector clean takes them out.`,
  }));
}

/**
 * What was lost, refused or set aside.
 *
 * @param recent - The last days.
 * @param usual - The weeks before them.
 */
export function qualityWarnings(recent: QualityAnswer, usual: QualityAnswer): readonly Warning[] {
  const warnings: Warning[] = [];
  if (recent.lost_in_restore > 0 || recent.unknown_losses > 0) {
    const n = recent.unknown_losses > 0 ? 'an unknown number of' : String(recent.lost_in_restore);
    warnings.push({
      kind: 'losses',
      text: `A restore lost ${n} reports that were acknowledged. The log of that start has more.`,
    });
  }
  if (recent.uncountable > 0) {
    warnings.push({
      kind: 'losses',
      text: `${recent.uncountable} reports could not be counted and are set aside: a mistake of the collector. Its log has more.`,
    });
  }
  const refusals = remarkableRefusals(recent, usual);
  if (refusals !== undefined) {
    const { share, usualShare, code } = refusals;
    warnings.push({
      kind: 'refused',
      text: `${toPercent(share)} of all reports were refused, usually ${toPercent(usualShare)}; most with ${code}.`,
    });
  }
  const places = recent.full_places.map(({ dimension }) => dimension ?? 'values');
  if (places.length > 0) {
    warnings.push({
      kind: 'full',
      text: `Nearly full, so that new values will count as other: ${[...new Set(places)].join(', ')}.`,
    });
  }
  return warnings;
}

/** Far more refused reports than usual. */
export interface Refusals {
  readonly share: number;
  readonly usualShare: number;
  /** Of the problem that most have. */
  readonly code: string;
}

/** Whether far more of the last days' reports were refused than of the weeks' before them. */
export function remarkableRefusals(recent: Refusable, usual: Refusable): Refusals | undefined {
  const [share, usualShare] = [refusedShare(recent), refusedShare(usual)];
  if (refusedOf(recent) < LEAST_REFUSED || share < LEAST_REFUSED_SHARE) return undefined;
  if (share <= REMARKABLE_TIMES * usualShare) return undefined;
  const [code = ''] = Object.entries(recent.rejected).sort(([, a], [, b]) => b - a)[0] ?? [];
  return { share, usualShare, code };
}

type Refusable = Pick<QualityAnswer, 'accepted' | 'rejected'>;

const refusedOf = ({ rejected }: Refusable): number =>
  Object.values(rejected).reduce((total, n) => total + n, 0);

/** Which share of all reports was refused. */
export function refusedShare(quality: Refusable): number {
  const refused = refusedOf(quality);
  return refused === 0 ? 0 : refused / (refused + quality.accepted);
}

const toPercent = (share: number): string => `${(100 * share).toFixed(1)} %`;
