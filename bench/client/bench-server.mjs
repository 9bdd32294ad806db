// @ts-check
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { eventsIn } from './events-in.mjs';
import { hideNames } from './hidden-names.mjs';

/** @typedef {'healthy' | 'refusing' | 'silent' | 'slow' | 'unresolved'} Manner */

/** @type {readonly Manner[]} */
export const MANNERS = ['healthy', 'refusing', 'silent', 'slow', 'unresolved'];
const SLOW_ANSWER_MS = 5_000;

/**
 * @typedef {object} BenchServer
 * @property {string} address
 * @property {readonly string[]} [wrapper] the command that runs an app where the address holds
 * @property {() => number} arrived different events whose request came in whole
 * @property {() => Promise<void>} close
 */

/**
 * A server on the loopback that counts the events it gets. `refusing`: its port is closed;
 * `silent`: takes connections and requests and never answers; `slow`: answers after 5 s;
 * `unresolved`: its name never resolves.
 *
 * @param {Manner} manner
 * @returns {Promise<BenchServer>}
 */
export async function startBenchServer(manner) {
  if (manner === 'refusing') return refusing();
  if (manner === 'unresolved') return hideNames();
  /** @type {Set<string>} */
  const events = new Set();
  const server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const isGzip = request.headers['content-encoding'] === 'gzip';
      const text = (isGzip ? gunzipSync(body) : body).toString('utf8');
      for (const id of eventsIn(text, events.size)) events.add(id);
      if (manner === 'silent') return;
      const answer = () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"code":200,"status":"success","accepted":1,"rejected":[]}');
      };
      if (manner === 'slow') setTimeout(answer, SLOW_ANSWER_MS);
      else answer();
    });
  });
  return {
    address: `http://127.0.0.1:${await listen(server)}`,
    arrived: () => events.size,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A port that was free a moment ago. */
async function refusing() {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return { address: `http://127.0.0.1:${port}`, arrived: () => 0, close: async () => undefined };
}

/** @param {import('node:net').Server} server @returns {Promise<number>} */
function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
