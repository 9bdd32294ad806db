// @ts-check
import { postReports } from '../../collector/post-reports.mjs';
import { summarize } from '../../statistics.mjs';
import { ask } from '../ask.mjs';
import { createComing } from '../people.mjs';
import { QUESTIONS, QUICK_QUESTION } from '../questions.mjs';
import { startNode } from '../start-node.mjs';

const LEAST = 10;
const MOST = 100;

/** @type {import('../section.mjs').Section} */
export const questions = {
  name: 'questions',
  title: 'Questions',
  columns: [
    { key: 'asked', label: 'asked', plain: true },
    { key: 'sqlite', label: 'SQLite p50, ms', digits: 1, plain: true, p99: true },
    { key: 'postgres', label: 'PostgreSQL p50, ms', digits: 1, plain: true, p99: true },
    { key: 'ratio', label: 'ratio', digits: 2, plain: true },
  ],
  note:
    'From the question to the whole answer, over HTTP, one at a time, the stores in turn. A report is ' +
    'counted before each, so that no answer is known. Where a question was asked less than a hundred ' +
    'times, p99 is the longest. A dash: it was refused, since it took too long.',
  async measure({ site, options, progress }) {
    const sides = [
      { node: await startNode(site.sqliteFolder), ...newSide(options.users) },
      {
        node: await startNode(site.folder('node-0'), { store: site.primary.url }),
        ...newSide(options.users),
      },
    ];
    const rows = [];
    for (const [label, question] of QUESTIONS) {
      for (const side of sides) side.measured = [];
      const end = performance.now() + options.seconds * 1000;
      let asked = 0;
      while (asked < LEAST || (asked < MOST && performance.now() < end)) {
        progress(`${label}, time ${asked + 1}`);
        for (const { node, coming, measured } of sides) {
          await postReports(node.url, 1, coming, () => undefined);
          await ask(node.url, QUICK_QUESTION);
          const told = await ask(node.url, question);
          if (told) measured.push(told.ms);
        }
        asked += 1;
      }
      const [sqlite = null, postgres = null] = sides.map(({ measured }) => summarize(measured));
      const ratio = sqlite && postgres && postgres.median / sqlite.median;
      rows.push({ label, metrics: { asked, sqlite, postgres, ratio } });
    }
    for (const { node } of sides) await node.stop();
    return rows;
  },
};

/** @param {number} users */
const newSide = (users) => ({
  coming: createComing(users),
  measured: /** @type {number[]} */ ([]),
});
