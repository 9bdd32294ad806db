// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** The server has both cores, and shares one of them with the load. */
export const SERVER_CORES = '0,1';
export const LOAD_CORE = '1';

const ANSWERS_WITHIN_MS = 120_000;
const ENDS_WITHIN_MS = 60_000;
/** What Linux tells CPU time in. */
const TICK_MS = 10;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

// Registered first: what removes their folders would fail while they write.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * @typedef {object} ServerProcess
 * @property {string} url
 * @property {number} startMs from its start to its first answer
 * @property {() => number} memoryMb that it has now
 * @property {() => number} peakMb the most memory it ever had
 * @property {() => number} cpuMs that it has used since its start, all threads together
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop resolves once it has ended
 */

/**
 * Starts a server and waits until it answers.
 *
 * @param {(port: number) => { command: string, args: readonly string[], asks: string, env?: Record<string, string> }} describe
 * `asks` is a path that it answers at once
 * @returns {Promise<ServerProcess>}
 */
export async function startServer(describe) {
  const port = await freePort();
  const { command, args, asks, env = {} } = describe(port);
  const started = performance.now();
  const child = spawn('taskset', ['-c', SERVER_CORES, command, ...args], {
    // A measured collector leaves its address nowhere: clients on this machine must not find it.
    env: { PATH: process.env['PATH'] ?? '', HEADCOUNT_ANNOUNCE: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr = (stderr + text).slice(-4_000)));
  const ended = once(child, 'close');
  running.add(child);
  const url = `http://127.0.0.1:${port}`;

  /** @param {NodeJS.Signals} [signal] */
  const stop = async (signal = 'SIGTERM') => {
    child.kill(signal);
    const kill = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
    await ended;
    clearTimeout(kill);
    running.delete(child);
  };
  while (!(await answers(url + asks))) {
    if (child.exitCode !== null || performance.now() - started > ANSWERS_WITHIN_MS) {
      await stop('SIGKILL');
      throw new Error(`${command} ${args.join(' ')} has not started: ${stderr}`);
    }
    await pause(2);
  }
  return {
    url,
    startMs: performance.now() - started,
    memoryMb: () => readMemoryMb(child.pid, 'VmRSS'),
    peakMb: () => readMemoryMb(child.pid, 'VmHWM'),
    cpuMs: () => readCpuMs(child.pid),
    stop,
  };
}

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false; // it does not listen yet
  }
}

/**
 * taskset becomes the server, so its pid is the server's.
 *
 * @param {number | undefined} pid
 * @param {'VmRSS' | 'VmHWM'} figure
 */
function readMemoryMb(pid, figure) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return (Number(new RegExp(`^${figure}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024) / 1e6;
}

/** @param {number | undefined} pid */
export function readCpuMs(pid) {
  // The second field, a name in brackets, may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** A port that was free a moment ago. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
