// @ts-check
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './server-process.mjs';

/**
 * @typedef {import('./contenders.mjs').Contender} Contender
 *
 * @typedef {object} Workshop
 * @property {(contender: Contender, users: number) => Promise<string>} seeded a new folder of a
 * contender with so many users
 * @property {<T>(contender: Contender, folder: string,
 *   work: (server: import('./server-process.mjs').ServerProcess) => Promise<T>) => Promise<T>} serve
 * runs the contender on a folder meanwhile
 * @property {(folder: string) => void} discard
 * @property {() => void} remove
 */

/**
 * Keeps the data of the servers in a temporary folder. Each number of users is seeded once for each
 * contender; whoever needs it gets a copy.
 *
 * @param {(text: string) => void} progress
 * @returns {Workshop}
 */
export function openWorkshop(progress) {
  const root = mkdtempSync(join(tmpdir(), 'headcount-bench-'));
  let folders = 0;

  return {
    seeded: async (contender, users) => {
      const original = join(root, `${contender.name}-${users}`);
      if (!existsSync(original)) {
        progress(`seeding ${users} users: ${contender.label}`);
        const unfinished = `${original}-unfinished`;
        await contender.seed(unfinished, users, progress);
        cpSync(unfinished, original, { recursive: true });
        rmSync(unfinished, { recursive: true });
      }
      folders += 1;
      const copy = join(root, 'copies', String(folders));
      mkdirSync(join(root, 'copies'), { recursive: true });
      cpSync(original, copy, { recursive: true });
      return copy;
    },
    serve: async (contender, folder, work) => {
      const server = await startServer(contender.run(folder));
      try {
        return await work(server);
      } finally {
        await server.stop();
      }
    },
    discard: (folder) => rmSync(folder, { recursive: true, force: true }),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}
