import type { Static } from 'typebox';
import type { PublicParts } from '../../../web/page/public-content.js';
import type { Asked } from '../gather.js';
import type { breakdownSchema } from '../../stats/breakdown-route.js';

type Breakdown = Static<typeof breakdownSchema>;

/** The dimensions that are shown to everybody. */
export type PublicDimension = 'version' | 'os';

/** Asks for the people by a dimension, in the 28 days to the last complete day. */
export async function askPublicParts(
  need: Asked['need'],
  dimension: PublicDimension,
  limit: number,
): Promise<PublicParts> {
  const answer = await need<Breakdown>('/v1/stats/breakdown', {
    ...{ dimension, window: '28d', limit: String(limit) },
  });
  return {
    rows: answer.rows.map(({ value, count, share, at_least }) => ({
      ...{ value, people: count, share },
      isAtLeast: at_least === true,
    })),
    leftOut: answer.values_left_out,
  };
}
