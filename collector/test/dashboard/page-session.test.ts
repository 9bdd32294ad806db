import { EventEmitter } from 'node:events';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { App } from '../../src/app-types.js';
import { createAsker } from '../../src/dashboard/page-session.js';
import type { AskedState } from '../../src/stats/asked-state.js';

const AS_OF = new Date('2026-11-22T21:00:00.000Z');

/** An asker whose questions are not answered, over a state that tells whether it was released. */
function open(sessionMs?: number) {
  let released = 0;
  let asked = 0;
  const socket = Object.assign(new EventEmitter(), {
    remoteAddress: '203.0.113.7',
    destroyed: false,
  });
  const raw = { socket, rawHeaders: [] };
  const routing: App['routing'] = () => void asked++;
  const asker = createAsker({
    app: { routing },
    clientOf: () => undefined,
    states: {
      hold: () =>
        Promise.resolve({
          // Nobody reads it.
          state: { asOf: AS_OF } as AskedState,
          release: () => void released++,
        }),
    },
    ...(sessionMs !== undefined && { sessionMs }),
  });
  // The asker looks at these members alone.
  const request = { raw, headers: {} } as unknown as FastifyRequest;
  return { socket, released: () => released, asked: () => asked, open: () => asker.open(request) };
}

describe('a session', () => {
  it('that takes too long says so, and gives its state back', async () => {
    const { open: openSession, released } = open(20);
    const { ask, asOf } = await openSession();
    expect(asOf).toBe(AS_OF.toISOString());
    const detail = expect.stringContaining('within 0.02 seconds') as string;
    const tooLate = { ok: false, status: 503, code: 'busy', detail };
    expect(await ask('/v1/stats/summary')).toEqual(tooLate);
    expect(released()).toBe(1);
    expect(await ask('/v1/stats/summary')).toEqual(tooLate);
  });

  it('ends when its client leaves', async () => {
    const { open: openSession, released, socket } = open();
    const { ask, close } = await openSession();
    const asked = ask('/v1/stats/summary');
    socket.emit('close');
    expect(await asked).toMatchObject({ ok: false, code: 'internal_error' });
    expect(released()).toBeGreaterThan(0);
    close();
    expect(socket.listenerCount('close')).toBe(0);
  });

  it('of a client that has left already holds nothing', async () => {
    const { open: openSession, released, socket } = open();
    socket.destroyed = true;
    const { ask } = await openSession();
    expect(released()).toBe(1);
    expect(await ask('/v1/stats/summary')).toMatchObject({ ok: false });
  });

  it('asks four questions at once, and the others in turn', async () => {
    const { open: openSession, asked } = open();
    const { ask, close } = await openSession();
    const all = Promise.all(Array.from({ length: 12 }, () => ask('/v1/stats/summary')));
    await expect.poll(asked).toBe(4);
    close();
    expect((await all).every(({ ok }) => !ok)).toBe(true);
    expect(asked()).toBe(4);
  });
});
