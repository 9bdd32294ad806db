import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const KEEP_ALIVE_MS = 1000;

const SERVERS: Readonly<Record<string, readonly string[]>> = {
  collector: ['serve'],
  relay: ['relay', '--to', 'http://127.0.0.1:9'],
};

/** A server, and one connection to it on which a request was answered. */
async function startAsked(command: readonly string[]) {
  const args = ['--port', '0', '--data', temporaryFolder(), '--log-level', 'error'];
  const keepAlive = `${KEEP_ALIVE_MS / 1000}s`;
  const { child, url } = await startProcess([...command, ...args, '--keep-alive', keepAlive]);
  const { hostname, port } = new URL(await url());
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  const ask = (): unknown => socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const answers = (): number => received.split('HTTP/1.1 200 ').length - 1;
  ask();
  await until('the first answer', () => answers() === 1);
  return { child, socket, ask, answers };
}

describe.each(Object.entries(SERVERS))('a %s', (_name, command) => {
  it('answers what was asked in time when it stood still', async () => {
    const { child, socket, ask, answers } = await startAsked(command);
    child.kill('SIGSTOP');
    ask();
    // The server's own time for the connection has to pass while it stands still.
    await wait(2 * KEEP_ALIVE_MS);
    child.kill('SIGCONT');
    await until('an answer', () => answers() === 2 || socket.destroyed);
    expect(answers()).toBe(2);
  });

  it('closes a connection on which nothing is asked', async () => {
    const { socket, answers } = await startAsked(command);
    const before = Date.now();
    await once(socket, 'close');
    expect(Date.now() - before).toBeGreaterThan(KEEP_ALIVE_MS / 2);
    expect(answers()).toBe(1);
  });
});
