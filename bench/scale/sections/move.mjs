// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connect } from '../connect.mjs';
import { seed } from '../seed.mjs';
import { CLI } from '../start-node.mjs';

const SCHEMA = 'moved';
/** What the command says before it compares. */
const COMPARES = /^compar/;

/** @type {import('../section.mjs').Section} */
export const move = {
  name: 'move',
  title: 'Moving from SQLite to PostgreSQL',
  columns: [
    { key: 'rows', label: 'rows' },
    { key: 'rowsPerSecond', label: 'copied, rows/s' },
    { key: 'proofSeconds', label: 'proof, s', digits: 1 },
    { key: 'seconds', label: 'all in all, s', digits: 1 },
  ],
  note:
    '`headcount-collector move --to`, into an empty schema. The proof compares every row, all data of 100 people and ' +
    'the answers to the questions of the API.',
  async measure({ site: { parts, primary, folder }, options, progress }) {
    const data = folder('to-move');
    await seed(parts, data, options.moved, undefined, progress);
    const database = await connect(parts, primary.url);
    await database.all(`CREATE SCHEMA ${SCHEMA}`);
    await database.end();
    const store = `${primary.url}?options=${encodeURIComponent(`-c search_path=${SCHEMA}`)}`;
    const began = performance.now();
    const child = spawn(process.execPath, [CLI, 'move', '--to', 'store', '--data', data], {
      env: { PATH: process.env['PATH'] ?? '', HEADCOUNT_STORE: store },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'close');
    let [printed, comparesAt] = ['', NaN];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        printed += `${line}\n`;
        progress(line);
        if (Number.isNaN(comparesAt) && COMPARES.test(line)) comparesAt = performance.now();
      });
    }
    const [code] = await ended;
    const end = performance.now();
    const rows = Number(/^(\d+) rows;/m.exec(printed)?.[1]);
    if (code !== 0 || Number.isNaN(rows)) throw new Error(`The move has failed: ${printed}`);
    return [
      {
        label: `${options.moved} people`,
        metrics: {
          rows,
          rowsPerSecond: (rows * 1000) / (comparesAt - began),
          proofSeconds: (end - comparesAt) / 1000,
          seconds: (end - began) / 1000,
        },
      },
    ];
  },
};
