// @ts-check
// A worker thread that attacks a collector, so that the section "under attack" times reports apart
// from it. It posts 'started', and how many requests were answered with which status at the end.
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { brotliCompressSync, constants } from 'node:zlib';
import { reportOf } from './reports.mjs';

/** @typedef {'questions' | 'listeners' | 'bombs' | 'flood'} Attack */

const DAY_MS = 86_400_000;
const BOMB_BYTES = 64 * 1024 ** 2;
const FLOOD_BATCH = 50;
const GIVE_UP_MS = 1000;

const { url, token, attack, attackers } =
  /** @type {{ url: string, token: string, attack: Attack, attackers: number }} */ (workerData);
const authorization = `Bearer ${token}`;
let isOver = false;
let answered = 0;

/** @param {string} path @param {Agent} agent @param {object} options @param {string | Buffer} [body] */
const send = (path, agent, options, body) =>
  new Promise((resolve) => {
    const sending = request(url + path, { agent, ...options }, (response) => {
      response.resume();
      response.on('end', resolve).on('error', resolve);
      answered += 1;
    });
    // A collector may close the connection of an attacker.
    sending.on('error', () => void pause(GIVE_UP_MS).then(resolve));
    sending.end(body);
  });

/** @type {Record<Attack, (attacker: number) => Promise<void>>} */
const ATTACKS = {
  questions: (attacker) =>
    repeat((agent, n) => {
      // Another question each time, so that no answer is known.
      const day = new Date(Date.now() - ((attacker * 7 + n) % 300) * DAY_MS);
      const window = `${1 + ((attacker + n) % 31)}d`;
      const query = `project=bench&limit=30&window=${window}&from=${day.toISOString().slice(0, 10)}`;
      return send(`/v1/stats/adoption?${query}`, agent, { headers: { authorization } });
    }),
  listeners: async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined).pause();
    socket.write(
      `GET /v1/stats/live?project=bench HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\n\r\n`,
    );
    while (!isOver) await pause(50);
    socket.destroy();
  },
  bombs: () => {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    const bomb = brotliCompressSync(Buffer.alloc(BOMB_BYTES, ' '), { params });
    const headers = { 'content-type': 'application/json', 'content-encoding': 'br' };
    return repeat((agent) => send('/v1/reports', agent, { method: 'POST', headers }, bomb));
  },
  flood: (attacker) =>
    repeat((agent, n) => {
      const first = (attacker * 100_000 + n) * FLOOD_BATCH;
      // People that nobody has seen before.
      const reports = Array.from({ length: FLOOD_BATCH }, (_, index) =>
        reportOf(1_000_000_000 + first + index, new Date()),
      );
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ sent_at: new Date().toISOString(), reports });
      return send('/v1/reports', agent, { method: 'POST', headers }, body);
    }),
};

/** @param {(agent: Agent, n: number) => Promise<unknown>} once */
async function repeat(once) {
  const agent = new Agent({ keepAlive: true });
  for (let n = 0; !isOver; n += 1) await once(agent, n);
  agent.destroy();
}

const port = parentPort;
if (port === null) throw new Error('attackers.mjs must run in a worker thread.');
const all = Array.from({ length: attackers }, (_, attacker) => ATTACKS[attack](attacker));
port.once('message', async () => {
  isOver = true;
  await Promise.all(all);
  port.postMessage(answered);
});
