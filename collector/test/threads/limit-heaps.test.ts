import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { limitHeaps } from '../../src/threads/limit-heaps.js';

/** Keeps some of its many objects for a while, as a collector does, and tells the room for young ones. */
const BUSY = `
  const { parentPort } = require('node:worker_threads');
  const v8 = require('node:v8');
  parentPort.on('message', () => {
    const kept = [];
    for (let n = 0; n < 2_000_000; n++) kept[n % 10_000] = { n, text: String(n) };
    const { physical_space_size } = v8.getHeapSpaceStatistics().find(
      ({ space_name }) => space_name === 'new_space',
    );
    parentPort.postMessage(physical_space_size);
  });
  parentPort.postMessage('ready');`;

const MB = 1024 ** 2;

afterEach(() => {
  setFlagsFromString('--semi-space-growth-factor=2');
  setFlagsFromString('--heap-growing-percent=0');
});

async function roomForYoung(limit: () => void): Promise<number> {
  const worker = new Worker(BUSY, { eval: true });
  onTestFinished(() => void worker.terminate());
  await once(worker, 'message');
  limit();
  worker.postMessage('work');
  const [bytes] = (await once(worker, 'message')) as [number];
  return bytes;
}

it('keeps the room for young objects of every thread small, where V8 would take much', async () => {
  expect(await roomForYoung(() => undefined)).toBeGreaterThan(8 * MB);
  expect(await roomForYoung(limitHeaps)).toBeLessThan(5 * MB);
});
