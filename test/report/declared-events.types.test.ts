import { describe, expectTypeOf, it } from 'vitest';
import { createHeadcount, defineEvents, field } from '../../src/index.js';

// What must not compile is marked; `npm run types` fails where it does. Nothing of it is run.
const events = defineEvents({
  build: {
    description: 'A build was finished.',
    fields: {
      bundler: ['vite', 'webpack'],
      cached: field.boolean(),
      sizeKb: field.bucket(100),
      viteVersion: field.semver(),
      pages: field.count({ max: 5 }),
    },
  },
  lint: { description: 'It was linted.', timed: true },
  deploy: { description: 'It was deployed.' },
});

describe('the types of declared events', () => {
  const calls = (): void => {
    const headcount = createHeadcount({ events });
    headcount.track();
    headcount.track('startup');
    headcount.track('deploy');
    headcount.track('build', { bundler: 'vite', cached: true, sizeKb: 1, pages: 2 });
    headcount.track('build', { viteVersion: '6.0.0' });
    expectTypeOf(headcount.time('lint', () => 1)).toEqualTypeOf<number>();
    expectTypeOf(headcount.time('lint', async () => 'x')).toEqualTypeOf<Promise<string>>();

    // @ts-expect-error an event that was not declared
    headcount.track('publish');
    // @ts-expect-error a field that was not declared
    headcount.track('build', { user: 'ada' });
    // @ts-expect-error a word that was not declared
    headcount.track('build', { bundler: 'rollup' });
    // @ts-expect-error a text for a boolean
    headcount.track('build', { cached: 'yes' });
    // @ts-expect-error a text for a number
    headcount.track('build', { sizeKb: '812' });
    // @ts-expect-error a number for a version
    headcount.track('build', { viteVersion: 6 });
    // @ts-expect-error a field of an event without any
    headcount.track('deploy', { bundler: 'vite' });
    // @ts-expect-error a field of startup, which has none
    headcount.track('startup', { bundler: 'vite' });
    // @ts-expect-error an event that has nothing time() could fill
    headcount.time('deploy', () => 1);

    const without = createHeadcount();
    without.track();
    // @ts-expect-error no events, no names
    without.track('build');

    // Declared in place, the words are just as narrow.
    const inline = createHeadcount({
      events: { build: { description: 'A build.', fields: { bundler: ['vite'] } } },
    });
    inline.track('build', { bundler: 'vite' });
    // @ts-expect-error a word that was not declared
    inline.track('build', { bundler: 'webpack' });
  };

  it('are checked when the tests are compiled', () => {
    expectTypeOf(calls).toBeFunction();
  });
});
