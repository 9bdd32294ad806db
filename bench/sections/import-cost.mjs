// @ts-check
import { join } from 'node:path';
import { runProbe } from '../run-node.mjs';
import { measureAlternately } from '../measure-alternately.mjs';

/** A builtin that is not loaded at start: what any import costs. */
const BUILTIN = 'node:querystring';

/** @type {import('../section.mjs').Section} */
export const importCost = {
  name: 'import',
  title: 'Importing',
  columns: [
    { key: 'importMs', label: 'import, ms', digits: 2, ratio: true },
    { key: 'heapKb', label: 'heap, kB', digits: 0 },
    { key: 'rssKb', label: 'resident memory, kB', digits: 0 },
  ],
  note:
    `Inside the process: performance.now() around \`await import()\`, memory after a full ` +
    `collection before and after. "no telemetry" imports one builtin, \`${BUILTIN}\`.`,
  async measure({ workshop, contenders, options, progress }) {
    const home = workshop.newHome();
    const subjects = contenders.filter(({ kind, module }) => kind === 'none' || module);
    return measureAlternately(subjects, options.pairs, progress, (contender) =>
      runProbe(join(workshop.appFolder(contender), 'import-probe.mjs'), {
        home,
        nodeArgs: ['--expose-gc'],
        env: { BENCH_MODULE: contender.module ?? BUILTIN },
      }),
    );
  },
};
