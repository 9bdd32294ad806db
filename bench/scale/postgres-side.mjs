// @ts-check
import { connect } from './connect.mjs';
import { COUNTED } from './sqlite-side.mjs';

/**
 * Looks at the counts of a store, and keeps all its collectors from counting.
 *
 * @param {import('./load-parts.mjs').Parts} parts
 * @param {string} url
 * @returns {Promise<import('./side.mjs').Side>}
 */
export async function openPostgresSide(parts, url) {
  const looking = await connect(parts, url);
  const holding = await connect(parts, url);
  return {
    counted: () => looking.number(COUNTED),
    hold: async () => {
      await holding.all('BEGIN; LOCK TABLE counting_gate');
      return async () => void (await holding.all('ROLLBACK'));
    },
    end: async () => {
      await looking.end();
      await holding.end();
    },
  };
}
