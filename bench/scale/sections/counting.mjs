// @ts-check
import { postReports } from '../../collector/post-reports.mjs';
import { summarize } from '../../statistics.mjs';
import { clusterCpuMs } from '../cluster-processes.mjs';
import { connect } from '../connect.mjs';
import { createComing } from '../people.mjs';
import { openPostgresSide } from '../postgres-side.mjs';
import { untilCounted } from '../side.mjs';
import { openSqliteSide } from '../sqlite-side.mjs';
import { startNode } from '../start-node.mjs';

const NODES = [1, 2, 4];
const BASE = 1;

const WAL = `SELECT pg_current_wal_insert_lsn() - '0/0'`;

/** @typedef {Record<'perSecond' | 'nodesUs' | 'databaseUs' | 'walBytes', number[]>} Measured */

/** @type {import('../section.mjs').Section} */
export const counting = {
  name: 'counting',
  title: 'Counting',
  columns: [
    { key: 'perSecond', label: 'counted reports/s', ratio: true },
    { key: 'nodesUs', label: 'CPU of nodes, µs a report', plain: true },
    { key: 'databaseUs', label: 'of PostgreSQL', plain: true },
    { key: 'walBytes', label: 'WAL, bytes a report', plain: true },
  ],
  note:
    'Reports are posted over HTTP while counting is held by a lock. Measured is from then on, until the ' +
    'store has counted all of them. Nine of ten are of people that it knows, who come again on a new day. ' +
    'Collectors and PostgreSQL share the cores, so more collectors can add nothing here; the ratio says ' +
    'what they cost each other.',
  async measure({ site, options, progress }) {
    const { parts, primary } = site;
    const sqlite = await openSqliteSide(site.sqliteFolder);
    const postgres = await openPostgresSide(parts, primary.url);
    const database = await connect(parts, primary.url);
    const alone = await startNode(site.sqliteFolder);
    const most = Math.max(...NODES);
    const nodes = await Promise.all(
      Array.from({ length: most }, (_, at) =>
        startNode(site.folder(`node-${at}`), { store: primary.url }),
      ),
    );
    const cases = [
      { label: 'SQLite', side: sqlite, nodes: [alone], isPostgres: false },
      ...NODES.map((count) => ({
        label: `PostgreSQL, ${count} ${count === 1 ? 'collector' : 'collectors'}`,
        ...{ side: postgres, nodes: nodes.slice(0, count), isPostgres: true },
        isBase: count === BASE,
      })),
    ].map((one) => ({ ...one, measured: nothingMeasured() }));
    // Each store has seen the same people.
    const coming = { sqlite: createComing(options.users), postgres: createComing(options.users) };
    const cpuMs = async (/** @type {(typeof cases)[number]} */ one) => ({
      nodes: one.nodes.reduce((sum, node) => sum + node.cpuMs(), 0),
      database: clusterCpuMs(primary),
      wal: await database.number(WAL),
    });
    for (let round = 0; round < options.rounds; round += 1) {
      for (let turn = 0; turn < cases.length; turn += 1) {
        const one = cases[(round + turn) % cases.length];
        if (one === undefined) continue;
        const say = (/** @type {string} */ text) =>
          progress(`round ${round + 1}, ${one.label}: ${text}`);
        const { side, measured } = one;
        const next = one.isPostgres ? coming.postgres : coming.sqlite;
        const before = await side.counted();
        const release = await side.hold();
        const each = Math.ceil(options.reports / one.nodes.length);
        const total = before + each * one.nodes.length;
        for (const { url } of one.nodes) await postReports(url, each, next, say);
        const began = await cpuMs(one);
        await release();
        const { perSecond } = await untilCounted(side, before, total, say);
        const ended = await cpuMs(one);
        const reports = total - before;
        measured.perSecond.push(perSecond);
        measured.nodesUs.push(((ended.nodes - began.nodes) * 1000) / reports);
        if (!one.isPostgres) continue;
        measured.databaseUs.push(((ended.database - began.database) * 1000) / reports);
        measured.walBytes.push((ended.wal - began.wal) / reports);
      }
    }
    for (const node of [alone, ...nodes]) await node.stop();
    for (const side of [sqlite, postgres, database]) await side.end();
    return cases.map(({ label, measured, ...one }) => ({
      ...{ label, group: 'all', isBase: 'isBase' in one && one.isBase },
      metrics: Object.fromEntries(
        Object.entries(measured).map(([key, values]) => [key, summarize(values)]),
      ),
    }));
  },
};

/** @returns {Measured} */
const nothingMeasured = () => ({ perSecond: [], nodesUs: [], databaseUs: [], walBytes: [] });
