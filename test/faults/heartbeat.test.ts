import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { filesBelow } from '../support/outbox-files.js';
import { createTestApp } from '../support/run-app.js';

/** Runs until it is ended, and moves its clock when SIGUSR2 comes. */
const SERVER = `
import { Worker, isMainThread } from 'node:worker_threads';
import { track } from 'headcount';
track();
const now = Date.now;
const shared = isMainThread
  ? new Int32Array(new SharedArrayBuffer(4))
  : process.getBuiltinModule('node:worker_threads').workerData;
Date.now = () => now() + Atomics.load(shared, 0) * 3_600_000;
setInterval(() => undefined, 1_000);
if (isMainThread) {
  process.on('SIGUSR2', () => Atomics.store(shared, 0, 26));
  if (process.argv[2] === 'worker') new Worker(new URL(import.meta.url), { workerData: shared });
  console.log('started');
}`;

const LOOKS_MS = 30_000;

/** Starts servers of one user, and returns once all of them have reported their start. */
async function startServers(count: number, { worker = false, options = '' } = {}) {
  const recorder = await startRecorder();
  const text = options === '' ? SERVER : SERVER.replace('track();\n', `${options}\n`);
  const app = createTestApp({ 'server.mjs': text });
  const servers: ChildProcess[] = [];
  onTestFinished(() => servers.forEach((server) => void server.kill('SIGKILL')));
  let started = 0;
  const ends = Array.from({ length: count }, () =>
    app.run('server.mjs', {
      args: worker ? ['worker'] : [],
      env: { HEADCOUNT_ENDPOINT: recorder.address },
      killAfterMs: 180_000,
      started(child) {
        servers.push(child);
        child.stdout?.once('data', () => (started += 1));
      },
    }),
  );
  await eventually(() => started === count, 'all servers', 60_000);
  const eventsOf = (name: string) => recorder.reports().filter(({ event }) => event === name);
  return {
    app,
    recorder,
    ends,
    eventsOf,
    moveClocks: () => servers.forEach((server) => void server.kill('SIGUSR2')),
    end: () => servers.forEach((server) => void server.kill('SIGTERM')),
    records: () => filesBelow(join(app.home, '.local/share/headcount/acme-cli')).filter(isRecord),
  };
}

const isRecord = (file: string): boolean => /(^|\/)alive\.\d+$/.test(file);
/** Two looks, on a machine that is busy. */
const TWO_LOOKS = 2 * LOOKS_MS + 15_000;

/** Waits until every process has looked at the moved clock at least once. */
async function passLooks(): Promise<void> {
  const movedAt = performance.now();
  await eventually(() => performance.now() - movedAt > TWO_LOOKS, 'all looks', 2 * TWO_LOOKS);
}

async function tenPrograms(): Promise<void> {
  const servers = await startServers(10, { worker: true });
  const { moveClocks, eventsOf, records, end, ends, recorder } = servers;
  await eventually(() => eventsOf('startup').length === 20, 'all starts', 60_000);
  moveClocks();
  await passLooks();
  expect(eventsOf('alive')).toHaveLength(1);
  expect(eventsOf('alive')[0]).toMatchObject({ project: 'acme-cli', info: { level: 'full' } });
  expect(new Set(recorder.reports().map((report) => report.anonymous_id)).size).toBe(1);
  expect(records()).toHaveLength(1);
  end();
  for (const { stdout, stderr } of await Promise.all(ends)) {
    expect([stdout, stderr]).toEqual(['started\n', '']);
  }
}

async function turnedOffMeanwhile(): Promise<void> {
  const { app, moveClocks, eventsOf, records } = await startServers(1);
  await eventually(() => eventsOf('startup').length === 1, 'the start', 30_000);
  mkdirSync(join(app.home, '.config/headcount/acme-cli'), { recursive: true, mode: 0o700 });
  const choice = join(app.home, '.config/headcount/acme-cli/choice');
  writeFileSync(choice, '{"telemetry":"off"}', { mode: 0o600 });
  moveClocks();
  await passLooks();
  expect(eventsOf('alive')).toEqual([]);
  expect(records()).toEqual([]);
}

async function withoutHeartbeat(): Promise<void> {
  const options = `(await import('headcount')).createHeadcount({ heartbeat: false }).track();`;
  const { moveClocks, eventsOf, records } = await startServers(1, { options });
  await eventually(() => eventsOf('startup').length === 1, 'the start', 30_000);
  moveClocks();
  await passLooks();
  expect([eventsOf('alive'), records()]).toEqual([[], []]);
}

describe('servers whose clock is moved by a day', () => {
  // At the same time, because each takes as long as two looks at the clock.
  it('report alive once for ten programs of two threads, and not where it is off', async () => {
    await Promise.all([tenPrograms(), turnedOffMeanwhile(), withoutHeartbeat()]);
  }, 240_000);
});
