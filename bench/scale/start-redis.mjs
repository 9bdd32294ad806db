// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../collector/server-process.mjs';

const READY_WITHIN_MS = 10_000;

/** Starts an empty Redis that keeps nothing on disk. */
export async function startRedis() {
  const port = await freePort();
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  const end = () => server.kill('SIGKILL');
  process.once('exit', end);
  const until = performance.now() + READY_WITHIN_MS;
  while (!(await isThere(port))) {
    if (performance.now() > until) throw new Error('Redis has not started.');
    await pause(20);
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      const ended = once(server, 'exit');
      end();
      await ended;
    },
  };
}

/** @param {number} port */
async function isThere(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // it does not listen yet
  } finally {
    socket.destroy();
  }
}
