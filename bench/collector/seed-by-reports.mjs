// @ts-check
import { waitUntilDrained } from './backlog.mjs';
import { reportOf } from './reports.mjs';
import { postReports } from './post-reports.mjs';
import { startServer } from './server-process.mjs';

/**
 * Fills a folder the way users do: each of them reports once, by the collector's own API.
 *
 * @param {import('./contenders.mjs').Contender} contender
 * @param {string} folder
 * @param {{ users: number, at?: Date }} reports
 * @param {(text: string) => void} progress
 */
export async function seedByReports(contender, folder, { users, at = new Date() }, progress) {
  const server = await startServer(contender.run(folder));
  try {
    await postReports(server.url, users, (user) => reportOf(user, at), progress);
    await waitUntilDrained(folder, progress);
  } finally {
    await server.stop();
  }
}
