// @ts-check
import { postReports } from '../../collector/post-reports.mjs';
import { median, summarize } from '../../statistics.mjs';
import { ask } from '../ask.mjs';
import { connect } from '../connect.mjs';
import { createComing } from '../people.mjs';
import { QUESTIONS, QUICK_QUESTION } from '../questions.mjs';
import { HEADERS, startNode } from '../start-node.mjs';
import { startRedis } from '../start-redis.mjs';

const LEAST = 3;

const WORK = `
  SELECT sum(calls) AS statements, sum(total_exec_time) AS ms FROM pg_stat_statements
  WHERE query NOT LIKE '%pg_stat_statements%'`;

/** @type {import('../section.mjs').Section} */
export const cache = {
  name: 'cache',
  title: 'The cache between collectors',
  columns: [
    { key: 'first', label: 'first collector p50, ms', digits: 1, plain: true },
    { key: 'second', label: 'second p50, ms', digits: 1, plain: true },
    { key: 'statements', label: 'statements a question', digits: 1, plain: true },
    {
      key: 'databaseMs',
      label: 'ms of PostgreSQL a question',
      digits: 1,
      plain: true,
      ratio: true,
    },
    { key: 'sharedPercent', label: 'answers shared, %', digits: 0, plain: true },
  ],
  note:
    'The questions above, each asked of one collector and then of another for the same state of the ' +
    'counts; a report is counted between the rounds. With and without `--cache` in turn. Statements and ' +
    'their time are those of the whole database meanwhile, also for what collectors look at regularly.',
  async measure({ site, options, progress }) {
    const redis = await startRedis();
    const database = await connect(site.parts, site.primary.url);
    const start = (/** @type {string} */ name, /** @type {object} */ more) =>
      startNode(site.folder(name), { store: site.primary.url, ...more });
    const shares = { cache: redis.url };
    const cases = [
      { label: 'without', nodes: [await start('node-0', {}), await start('node-1', {})] },
      {
        label: 'with `--cache`',
        nodes: [await start('node-2', shares), await start('node-3', shares)],
      },
    ].map((one, at) => ({ ...one, isBase: at === 0, measured: nothingMeasured() }));
    const coming = createComing(options.users);
    const end = performance.now() + cases.length * options.seconds * 1000;
    for (let round = 0; round < LEAST || performance.now() < end; round += 1) {
      for (const { label, nodes, measured } of cases) {
        progress(`round ${round + 1}, ${label}`);
        await measureRound(nodes, { coming, database, measured });
      }
    }
    for (const { nodes } of cases) for (const node of nodes) await node.stop();
    await database.end();
    await redis.stop();
    return cases.map(({ label, isBase, measured: { first, second, ...sums } }) => ({
      ...{ label, isBase },
      metrics: {
        first: summarize(first),
        second: summarize(second),
        statements: median(sums.statements),
        databaseMs: median(sums.databaseMs),
        sharedPercent: median(sums.sharedPercent),
      },
    }));
  },
};

const nothingMeasured = () => ({
  first: /** @type {number[]} */ ([]),
  second: /** @type {number[]} */ ([]),
  statements: /** @type {number[]} */ ([]),
  databaseMs: /** @type {number[]} */ ([]),
  sharedPercent: /** @type {number[]} */ ([]),
});

/**
 * @param {readonly { readonly url: string }[]} nodes
 * @param {{ coming: () => object, database: import('../connect.mjs').Connected,
 *   measured: ReturnType<typeof nothingMeasured> }} parts
 */
async function measureRound(nodes, { coming, database, measured }) {
  const [one, other] = nodes;
  if (one === undefined || other === undefined) throw new Error('There are two.');
  await postReports(one.url, 1, coming, () => undefined);
  await ask(one.url, QUICK_QUESTION);
  await ask(other.url, QUICK_QUESTION);
  const work = await readWork(database);
  const answers = await readAnswers(nodes);
  for (const question of QUESTIONS.values()) {
    for (const [{ url }, times] of /** @type {const} */ ([
      [one, measured.first],
      [other, measured.second],
    ])) {
      const told = await ask(url, question);
      if (told) times.push(told.ms);
    }
  }
  const asked = QUESTIONS.size * nodes.length;
  const [workNow, answersNow] = [await readWork(database), await readAnswers(nodes)];
  measured.statements.push((workNow.statements - work.statements) / asked);
  measured.databaseMs.push((workNow.ms - work.ms) / asked);
  measured.sharedPercent.push((100 * (answersNow.shared - answers.shared)) / asked);
}

/** @param {import('../connect.mjs').Connected} database */
async function readWork(database) {
  const [row] = /** @type {{ statements: string, ms: number }[]} */ (await database.all(WORK));
  return { statements: Number(row?.statements), ms: Number(row?.ms) };
}

/** @param {readonly { readonly url: string }[]} nodes */
async function readAnswers(nodes) {
  let shared = 0;
  for (const { url } of nodes) {
    const metrics = await (await fetch(`${url}/metrics`, { headers: HEADERS })).text();
    for (const [, count] of metrics.matchAll(
      /^headcount_questions_total\{.*"shared".*\} (\d+)/gm,
    )) {
      shared += Number(count);
    }
  }
  return { shared };
}
