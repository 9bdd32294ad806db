// @ts-check
import { join } from 'node:path';
import { ONE_LINE } from '../headcount-install.mjs';
import { measureAlternately } from '../measure-alternately.mjs';
import { runProbe } from '../run-node.mjs';

/** A builtin that is not loaded at start. */
const BUILTIN = 'node:querystring';
const WAYS = [
  { way: 'import', probe: 'import-probe.mjs' },
  { way: 'require', probe: 'require-probe.cjs' },
];

/** @type {import('../section.mjs').Section} */
export const importCost = {
  name: 'import',
  title: 'Importing',
  columns: [
    { key: 'node', label: 'Node' },
    { key: 'way', label: 'by' },
    { key: 'importMs', label: 'time, ms', digits: 2, p99: true, ratio: true },
    { key: 'overMs', label: 'over one line, ms', digits: 2, p99: true },
    { key: 'heapKb', label: 'heap, kB', digits: 0 },
    { key: 'rssKb', label: 'resident memory, kB', digits: 0 },
  ],
  note:
    'Inside the process: the time of `await import()` or `require()`, memory after a full collection ' +
    'before and after. The package of one line has `exports` as Headcount has, and is installed ' +
    'beside it: what finding and reading any package costs. "over one line" is the difference to ' +
    `it in the same round. The builtin is \`${BUILTIN}\`. One run of each before is not counted.`,
  async measure({ workshop, contenders, nodes, options, progress }) {
    const home = workshop.newHome();
    const imported = contenders.filter(({ module }) => module);
    const headcount = imported.filter(({ kind }) => kind === 'headcount');
    const peers = imported.filter(({ kind }) => kind === 'peer');
    const [installed] = headcount;
    if (!installed) throw new Error('nothing to import');
    const oneLine = { ...installed, label: 'one-line package', module: ONE_LINE, kind: 'none' };
    const builtin = { ...installed, label: 'one builtin', module: BUILTIN, kind: 'builtin' };
    const subjects = nodes.flatMap((node) =>
      WAYS.flatMap(({ way, probe }) => {
        const isImport = way === 'import';
        const others = isImport && node === nodes[0] ? peers : [];
        const measured = [oneLine, ...headcount, ...(isImport ? [builtin] : []), ...others];
        return measured.map((contender) => ({
          ...{ contender, node, way, probe, label: contender.label },
          isBase: contender === oneLine,
          // No package, so not compared with one.
          group: contender === builtin ? 'builtin' : `${way} ${node.major}`,
        }));
      }),
    );
    const rows = await measureAlternately(
      subjects,
      { pairs: options.pairs, warmUps: 1, differences: { overMs: 'importMs' }, progress },
      ({ contender, node, probe }) =>
        runProbe(join(workshop.appFolder(contender), probe), {
          home,
          node,
          nodeArgs: ['--expose-gc'],
          env: { BENCH_MODULE: contender.module ?? '' },
        }),
    );
    return rows.map((row, at) => ({
      ...row,
      metrics: { ...row.metrics, way: subjects[at]?.way ?? null },
    }));
  },
};
