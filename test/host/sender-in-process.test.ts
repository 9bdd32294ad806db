import { afterEach, describe, expect, it } from 'vitest';
import { startSenderInProcess } from '../../src/host/deferred/platform/sender-in-process.js';
import { eventually } from '../support/eventually.js';

/** What the code that runs in this thread says. */
const SAID = Symbol.for('headcount/test-said');
const seen = globalThis as { [SAID]?: unknown[] };
const said = (): unknown[] => (seen[SAID] ??= []);
afterEach(() => void delete seen[SAID]);

const SENDER = `const said = (globalThis[Symbol.for('headcount/test-said')] ??= []);
  exports.start = (job) => {
    said.push(job);
    return {
      post: (message) => said.push(message),
      hold: (held) => said.push(held),
      end: async (word) => said.push(word),
    };
  };`;

function run(text: string) {
  let exits = 0;
  const events = { message: () => undefined, exit: () => void (exits += 1) };
  return { thread: startSenderInProcess(text, 'job', events), exits: () => exits };
}

describe('the sender in the host’s own thread', () => {
  it('is loaded in a later turn, and gets what it was told meanwhile', async () => {
    const { thread } = run(SENDER);
    thread.post('first');
    thread.hold(true);
    thread.post('second');
    expect(said()).toEqual([]);
    await eventually(() => said().length > 0, 'the sender');
    thread.post('third');
    expect(said()).toEqual(['job', 'first', true, 'second', 'third']);
  });

  it('counts as crashed where its code fails, and harms nobody', async () => {
    const { exits } = run(`throw new Error('boom')`);
    await eventually(() => exits() === 1, 'its end');
  });

  it('is not loaded any more once it was ended', async () => {
    const { thread } = run(SENDER);
    await thread.end('end', 100);
    const later = run(SENDER);
    await eventually(() => said().length > 0, 'the other sender');
    expect(said()).toEqual(['job']);
    await later.thread.end('end', 100);
    expect(said().at(-1)).toBe('end');
  });
});
