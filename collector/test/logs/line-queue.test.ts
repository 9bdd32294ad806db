import { setTimeout as wait } from 'node:timers/promises';
import { it } from 'vitest';
import { createLineQueue } from '../../src/logs/line-queue.js';
import { until } from '../support/until.js';

it('lines go on after a loss that was told before it was time to tell it', async () => {
  let text = '';
  let isFull = true;
  const tellAfterMs = 20;
  const queue = createLineQueue({
    write: async (bytes) => {
      await Promise.resolve();
      if (isFull) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      text += bytes.toString();
      return bytes.length;
    },
    now: () => new Date(0),
    tellAfterMs,
    tellDropped: ({ lines, code }) => `${lines} lost: ${code}\n`,
  });
  queue.write('a\n');
  await queue.idle();
  isFull = false;
  queue.write('b\n');
  await until('the loss is told', () => text === '1 lost: ENOSPC\nb\n');
  // Longer than until the time to tell it: nothing tells that this has passed.
  await wait(3 * tellAfterMs);
  queue.write('c\n');
  await until('the next line is written', () => text.endsWith('c\n'));
  await queue.close(100);
});
