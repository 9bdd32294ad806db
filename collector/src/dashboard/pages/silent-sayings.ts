import type { SilentSaying } from '../../../web/page/features-content.js';
import type { SilenceAnswer } from '../../stats/silence-answer.js';

/** States of what comes no longer. */
const GONE: readonly string[] = ['silent', 'stopped', 'quiet'];

/** The events and fields that come no longer, those to look at first. */
export const silentSayings = ({ rows }: Pick<SilenceAnswer, 'rows'>): readonly SilentSaying[] =>
  rows.flatMap((row) => {
    const { kind, name, state } = row;
    if (kind === 'project' || name === null || !GONE.includes(state)) return [];
    return {
      ...{ kind, name },
      lastDate: row.last_date,
      daysWithout: row.days_without,
      longGapDays: row.long_gap_days,
    };
  });
