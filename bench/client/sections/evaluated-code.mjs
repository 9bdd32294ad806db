// @ts-check
import { join } from 'node:path';
import { measureAlternately } from '../measure-alternately.mjs';
import { onEachNode } from '../nodes.mjs';
import { runProbe } from '../run-node.mjs';

/** @type {import('../section.mjs').Section} */
export const evaluatedCode = {
  name: 'evaluated',
  title: 'Code that is evaluated',
  columns: [
    { key: 'node', label: 'Node' },
    { key: 'way', label: 'by' },
    { key: 'importKb', label: 'import, kB', digits: 1 },
    { key: 'firstTrackKb', label: 'import and first track(), kB', digits: 1 },
    { key: 'scripts', label: 'scripts', digits: 0 },
  ],
  note:
    'The source code that V8 was given, as its debugger reports it (`Debugger.scriptParsed`): ' +
    'modules, `require()` and what `node:vm` compiles, dependencies included, without Node’s own ' +
    'and the app’s. By the import alone, and by the CLI of one event until its first track() has ' +
    'returned, with a fresh home. As installed: Headcount is minified. 1 kB is 1 000 bytes.',
  async measure({ workshop, contenders, nodes, progress }) {
    const subjects = onEachNode(contenders, nodes).flatMap((subject) => {
      const { kind, module, cli } = subject.contender;
      const [first] = cli;
      if (!module || !first) return [];
      const imported = { ...subject, way: 'import', cli: `./${first.file}` };
      const required = { ...subject, way: 'require', cli: './cli.cjs' };
      return kind === 'headcount' ? [imported, required] : [imported];
    });
    const plan = { pairs: 1, progress };
    const rows = await measureAlternately(subjects, plan, ({ contender, node, cli }) =>
      runProbe(join(workshop.appFolder(contender), 'evaluated-probe.mjs'), {
        home: workshop.newHome(),
        node,
        env: {
          ...{ BENCH_MODULE: contender.module ?? '', BENCH_CLI: cli },
          // Nobody listens there, and nothing is sent: the probe ends at once.
          ...{ BENCH_ENDPOINT: 'http://127.0.0.1:9', HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' },
        },
      }),
    );
    return rows.map((row, at) => ({
      ...row,
      metrics: { ...row.metrics, way: subjects[at]?.way ?? null },
    }));
  },
};
