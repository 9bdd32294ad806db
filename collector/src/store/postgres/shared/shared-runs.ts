import type { SharedRuns } from '../../shared-store.js';
import type { Transactions } from '../transactions.js';

/** Creates the access to when jobs were last done, by the clock of the store. */
export const createSharedRuns = ({ connection, transaction }: Transactions): SharedRuns => ({
  isOwed: async (job, everyMs) => {
    const row = await transaction(() => connection.get<{ done: boolean }>(IS_DONE, [job, everyMs]));
    return row?.done !== true;
  },
  note: async (job) => {
    await transaction(() => connection.run(NOTE, [job]));
  },
});

const IS_DONE = `
  SELECT ended_at > now() - $2 * interval '1 ms' AS done FROM shared_runs WHERE job = $1`;

const NOTE = `
  INSERT INTO shared_runs(job, ended_at) VALUES ($1, now())
  ON CONFLICT (job) DO UPDATE SET ended_at = excluded.ended_at`;
