// @ts-check
import { setTimeout as pause } from 'node:timers/promises';
import { summarize } from '../../statistics.mjs';
import { killCluster } from '../cluster-processes.mjs';
import { connect } from '../connect.mjs';
import { keepReporting } from '../keep-reporting.mjs';
import { startNode } from '../start-node.mjs';
import { watchAnswers } from '../watch-answers.mjs';

const LOOK_EVERY_MS = 10;
const WITHIN_MS = 120_000;
/** How long all goes well before. */
const BEFORE_MS = 2000;

const CASES = [
  { label: 'without `--read-store`', name: 'on-primary', readsReplica: false },
  { label: 'with `--read-store`', name: 'on-replica', readsReplica: true },
];

/** @type {import('../section.mjs').Section} */
export const failover = {
  name: 'failover',
  title: 'The primary is killed',
  columns: [
    { key: 'promotedMs', label: 'the standby takes writes, ms' },
    { key: 'countMs', label: 'first count, ms' },
    { key: 'answerMs', label: 'first answer, ms' },
    { key: 'freshMs', label: 'first fresh answer, ms' },
    { key: 'missing', label: 'acknowledged, not counted' },
  ],
  note:
    'Times from `kill -9` of the primary. The standby is promoted at once: what finds the primary gone ' +
    'adds its time. Meanwhile two collectors take a report every 20 ms each, and are asked for the ' +
    'summary without a pause. A fresh answer has all reports that were acknowledged until the kill.',
  async measure({ site, options, progress }) {
    const cases = CASES.map((one) => ({ ...one, measured: nothingMeasured() }));
    for (let time = 1; time <= options.failovers; time += 1) {
      progress(`failover ${time}: a standby is made`);
      const standby = await site.addStandby();
      const store = addressOf(site.primary.port, standby.port);
      const nodes = [];
      for (const { name, readsReplica, measured } of cases) {
        const project = `${name}-${time}`;
        const readStore = readsReplica ? { readStore: standby.url } : {};
        const node = await startNode(site.folder(name), { store, ...readStore });
        nodes.push({ node, project, measured, reporting: keepReporting(node.url, project) });
      }
      await pause(BEFORE_MS);
      progress(`failover ${time}: the primary is killed`);
      const killedAtMs = performance.now();
      await killCluster(site.primary);
      const moment = new Date();
      const watched = Promise.all(
        nodes.map(({ node, project }) => watchAnswers(node.url, project, moment)),
      );
      await standby.promote();
      const promotedMs = performance.now() - killedAtMs;
      site.primary = standby;
      const database = await connect(site.parts, standby.url);
      const counted = (/** @type {string} */ project) => countedOf(database, project);
      await Promise.all(
        nodes.map(async ({ project, measured }) => {
          const before = await counted(project);
          await until(async () => (await counted(project)) > before);
          measured.promotedMs.push(promotedMs);
          measured.countMs.push(performance.now() - killedAtMs);
        }),
      );
      const answers = await watched;
      for (const [at, { node, project, measured, reporting }] of nodes.entries()) {
        measured.answerMs.push((answers[at]?.answerAtMs ?? NaN) - killedAtMs);
        measured.freshMs.push((answers[at]?.freshAtMs ?? NaN) - killedAtMs);
        const acknowledged = await reporting.end();
        await watchAnswers(node.url, project, new Date());
        measured.missing.push(acknowledged - (await counted(project)));
        await node.stop();
      }
      await database.end();
    }
    return cases.map(({ label, measured }) => ({
      label,
      metrics: Object.fromEntries(
        Object.entries(measured).map(([key, values]) => [key, summarize(values)]),
      ),
    }));
  },
};

const nothingMeasured = () => ({
  promotedMs: /** @type {number[]} */ ([]),
  countMs: /** @type {number[]} */ ([]),
  answerMs: /** @type {number[]} */ ([]),
  freshMs: /** @type {number[]} */ ([]),
  missing: /** @type {number[]} */ ([]),
});

/** @param {readonly number[]} ports */
const addressOf = (...ports) =>
  `postgres://postgres@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/postgres` +
  '?target_session_attrs=read-write';

/** @param {import('../connect.mjs').Connected} database @param {string} project */
const countedOf = (database, project) =>
  database.number(
    `SELECT coalesce(sum(n), 0) FROM report_days JOIN projects ON id = project_id
     WHERE slug = '${project}'`,
  );

/** @param {() => Promise<boolean>} isDone */
async function until(isDone) {
  const end = performance.now() + WITHIN_MS;
  while (!(await isDone())) {
    if (performance.now() > end) throw new Error('Nothing is counted after the failover.');
    await pause(LOOK_EVERY_MS);
  }
}
