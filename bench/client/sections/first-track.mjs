// @ts-check
import { join } from 'node:path';
import { startBenchServer } from '../bench-server.mjs';
import { openKnownHome } from '../known-home.mjs';
import { measureAlternately } from '../measure-alternately.mjs';
import { runProbe } from '../run-node.mjs';

/** @type {import('../section.mjs').Section} */
export const firstTrack = {
  name: 'first-track',
  title: 'The first track()',
  columns: [
    { key: 'node', label: 'Node' },
    { key: 'firstMs', label: 'first call, ms', digits: 2, p99: true },
  ],
  note:
    'Inside the process, after the import: the first call alone, in a program that has loaded ' +
    'nothing else. Known home: former runs have stored the ID, delivered all reports but at most ' +
    'ten, and the upload at exit is not due; fresh home: an empty folder each time. One run of ' +
    'each before is not counted.',
  async measure({ workshop, contenders, nodes, options, progress }) {
    const headcount = contenders.find(({ kind }) => kind === 'headcount');
    if (!headcount) return [];
    const folder = workshop.appFolder(headcount);
    const probe = join(folder, 'first-track-probe.mjs');
    const server = await startBenchServer('healthy');
    const known = await Promise.all(
      nodes.map((node) =>
        openKnownHome(join(folder, 'cli.mjs'), { home: workshop.newHome(), node }),
      ),
    );
    const subjects = nodes.flatMap((node, at) => {
      const of = { node, group: node.major, isBase: false };
      return [
        { ...of, label: 'known home', home: known[at] },
        { ...of, label: 'fresh home', home: undefined },
      ];
    });
    try {
      const plan = { pairs: options.pairs, warmUps: 1, progress };
      return await measureAlternately(subjects, plan, ({ node, home }) =>
        home
          ? home.use((used) => runProbe(probe, { ...used, node }))
          : runProbe(probe, {
              home: workshop.newHome(),
              node,
              env: { HEADCOUNT_ENDPOINT: server.address, BENCH_STARTS_NOTHING: '1' },
            }),
      );
    } finally {
      await Promise.all([server, ...known].map(({ close }) => close()));
    }
  },
};
