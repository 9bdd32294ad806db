import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { discardBody } from '../../src/intake/discard-body.js';

it('reads a body to its end', async () => {
  const payload = new PassThrough();
  const discarded = discardBody(payload, 1000);
  payload.write(Buffer.alloc(500));
  payload.end(Buffer.alloc(500));
  await discarded;
  expect(payload.readableEnded).toBe(true);
});

it.each<[string, (payload: PassThrough) => void]>([
  ['brings too much', (payload) => void payload.write(Buffer.alloc(1001))],
  ['falls silent', (payload) => void payload.write(Buffer.alloc(1))],
  ['breaks off', (payload) => void payload.destroy(new Error('gone'))],
])('does not wait for a body that %s, and lets the rest pass', async (_, send) => {
  const payload = new PassThrough();
  payload.on('error', () => undefined);
  const discarded = discardBody(payload, 1000);
  send(payload);
  await discarded;
  if (payload.destroyed) return;
  const ended = once(payload, 'end');
  payload.end(Buffer.alloc(100_000));
  await ended;
});

it('takes a body that has ended already', async () => {
  const payload = new PassThrough();
  payload.resume().end();
  await once(payload, 'close');
  await discardBody(payload, 1000);
});
