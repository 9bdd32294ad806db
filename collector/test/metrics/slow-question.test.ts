import { expect, it } from 'vitest';
import { createCountsGatherer } from '../../src/metrics/gather-counts.js';
import { createMemoryStore } from '../memory-store/memory-store.js';
import { NOW } from '../support/start-collector.js';
import { until } from '../support/until.js';

it('tells the counts of the scrape before while a slow question is answered, with their moment', async () => {
  const { reader } = createMemoryStore();
  let at = NOW.getTime();
  let release: () => void = () => undefined;
  let gate = Promise.resolve();
  const gather = createCountsGatherer({
    counting: { caughtUp: () => Promise.resolve(new Date(at)), behindSince: null },
    store: {
      // The thread is busy with another question.
      together: async (questions) => {
        await gate;
        return reader.together(questions);
      },
      quality: (question) => reader.quality(question),
    },
    projects: {
      zoneOf: () => 'UTC',
      list: () => [],
    },
    now: () => NOW,
  });
  const first = await gather();
  expect(first?.asOf).toEqual(NOW);

  at += 60_000;
  gate = new Promise((resolve) => (release = resolve));
  const startedMs = performance.now();
  expect((await gather())?.asOf).toEqual(NOW);
  expect(performance.now() - startedMs).toBeLessThan(3000);
  release();
  await until('the newer counts are told', async () => {
    return (await gather())?.asOf.getTime() === at;
  });
});
