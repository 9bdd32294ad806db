// @ts-check
import { existsSync } from 'node:fs';
import { fillFolder } from '../demo/fill-folder.mjs';

/** A line for each quarter, where no terminal can be written over. */
const QUARTER = 0.25;

const STOPS = ['SIGINT', 'SIGTERM'];

/**
 * Fills a data folder with invented people, and shows how far it is.
 *
 * @param {{ data: string, people: number }} options
 */
export async function fillWithProgress({ data, people }) {
  if (existsSync(data)) {
    throw new Error(`${data} has data already: name another folder, or start without --demo-data`);
  }
  const { stdout } = process;
  const began = performance.now();
  let next = QUARTER;
  stdout.write(`Inventing ${people} people and their 90 days:\n`);
  const stop = () => process.exit(130);
  for (const signal of STOPS) process.once(signal, stop);
  const { reports } = await fillFolder({
    ...{ data, people },
    onProgress: (share, sent) => {
      const seconds = Math.round((performance.now() - began) / 1000);
      const text = `  ${Math.floor(share * 100)}%, ${sent} reports, ${seconds} s`;
      if (stdout.isTTY) stdout.write(`\r${text}`);
      else if (share >= next) {
        next += QUARTER;
        stdout.write(`${text}\n`);
      }
    },
  });
  for (const signal of STOPS) process.off(signal, stop);
  stdout.write(`${stdout.isTTY ? '\n' : ''}  ${reports} reports were sent and counted\n`);
}
