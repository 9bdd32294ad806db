import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttp } from '../../src/sender/http.js';
import { network } from '../../src/sender/platform/sender-network.js';
import { eventually } from '../support/eventually.js';

/** Listens, accepts nothing, and answers nothing more once its queue of connections is full. */
const DEAF = `const server = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => {
  require('node:fs').writeSync(1, String(server.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** A port to which no connection is made, as behind a firewall that drops all. */
async function startBlackHole(): Promise<number> {
  const deaf = spawn(process.execPath, ['-e', DEAF], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void deaf.kill('SIGKILL'));
  let said = '';
  deaf.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const port = await eventually(() => Number(said) || undefined, 'the port');
  const sockets: Socket[] = [];
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
  await eventually(() => {
    // The one that is opened last waits: the queue is full.
    if (sockets.at(-1)?.connecting) return sockets.length > 2;
    sockets.push(connect(port, '127.0.0.1').on('error', () => undefined));
    return false;
  }, 'the full queue');
  return port;
}

function after(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

describe('a connection', () => {
  it.each([true, false])(
    'that nobody takes is given up after three seconds (holds the process: %s)',
    async (holdsProcess) => {
      const url = `http://127.0.0.1:${await startBlackHole()}/v1/reports`;
      const lookup = network.systemLookup;
      const options = { env: {}, lookup, extraCa: () => undefined, holdsProcess };
      const http = createHttp(options, { ...network, after });
      onTestFinished(() => http.close());
      const started = performance.now();
      const request = http.request({ url, method: 'GET', headers: {}, maxAnswerBytes: 1 });
      await expect(request).rejects.toMatchObject({ code: 'ETIMEDOUT' });
      const ms = performance.now() - started;
      expect(ms).toBeGreaterThan(2_500);
      expect(ms).toBeLessThan(6_000); // a whole request may take ten
    },
  );
});
