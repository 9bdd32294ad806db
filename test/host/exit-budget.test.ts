import { afterEach, describe, expect, it } from 'vitest';
import type { LastSend } from '../../src/delivery/protocol.js';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import type { HeadcountOptions } from '../../src/options.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';
import {
  type FakePlatform,
  fakePlatform,
  type FakePlatformOptions,
} from '../support/fake-platform.js';

afterEach(() => instances().clear());

const OPTIONS: HeadcountOptions = {
  project: 'acme-cli',
  version: '2.3.1',
  endpoint: 'https://stats.acme.dev',
  exitBudgetMs: 500,
};
const NO_CHILD: FakePlatformOptions = { childObstacle: 'runtime' };

/** A thread that says at once that it is done with so many of the lines in memory. */
const done =
  (lines: number) =>
  (message: unknown): void => {
    const { told } = message as Partial<LastSend>;
    if (!told) return;
    told[1] = lines;
    told[0] = 1;
  };

/** What a thread was asked for by a program that reports once and ends. */
function asked(platform: FakePlatform, options: HeadcountOptions = {}): readonly LastSend[] {
  instances().clear(); // each program is a process
  createHeadcountOn(platform, { ...OPTIONS, ...options }).track();
  platform.end();
  return platform.threadMessages as LastSend[];
}

describe('exitBudgetMs', () => {
  it('lets a thread send where no process can be started, until the budget is over', () => {
    const platform = fakePlatform({ ...NO_CHILD, thread: done(0) });
    expect(asked(platform)).toMatchObject([
      { type: 'last', lines: '', untilMs: platform.now() + 500 },
    ]);
    expect(platform.childJobs).toEqual([]);
  });

  it('changes nothing where a process can be started, and nothing is waited for by default', () => {
    const platform = fakePlatform();
    expect(asked(platform)).toEqual([]);
    expect(platform.childJobs).toHaveLength(1);
    expect(asked(fakePlatform(NO_CHILD), { exitBudgetMs: 0 })).toEqual([]);
  });

  it('waits where a process would end with the container', () => {
    const platform = fakePlatform({ endsWithContainer: true, thread: done(0) });
    expect(asked(platform)).toHaveLength(1);
    expect(platform.childJobs).toEqual([]);
    const noThread = fakePlatform({ endsWithContainer: true, hasThreads: false });
    expect(asked(noThread)).toEqual([]);
    expect(noThread.childJobs).toHaveLength(1);
    const noBudget = fakePlatform({ endsWithContainer: true });
    expect(asked(noBudget, { exitBudgetMs: 0 })).toEqual([]);
    expect(noBudget.childJobs).toHaveLength(1);
  });

  it('waits once in exitUploadIntervalMs', () => {
    const first = fakePlatform({ ...NO_CHILD, thread: done(0) });
    expect(asked(first)).toHaveLength(1);
    const files = Object.fromEntries(first.disk);
    expect(asked(fakePlatform({ ...NO_CHILD, files }))).toEqual([]);
    const later = { ...NO_CHILD, thread: done(0), files };
    expect(asked(fakePlatform(later), { exitUploadIntervalMs: 0 })).toHaveLength(1);
  });

  it('waits for nothing that may not be tried yet', () => {
    const notBeforeMs = fakePlatform().now() + 4_000;
    const key = 'https://stats.acme.dev/v1/reports';
    const state = { url: key, failures: 1, notBeforeMs, decidedAtMs: notBeforeMs - 1, retired: [] };
    const file = '/home/ada/.config/headcount/acme-cli/delivery';
    const files = { [file]: JSON.stringify({ [key]: state }) };
    expect(asked(fakePlatform({ ...NO_CHILD, files }))).toEqual([]);
  });

  it('hands over what is in memory only', () => {
    const [last] = asked(fakePlatform({ ...NO_CHILD, folders: undefined, thread: done(1) }));
    expect(last?.lines).toMatch(/^{.+}\n$/);
  });

  it('neither waits nor takes the turn of others where no thread can be had', () => {
    const platform = fakePlatform({ ...NO_CHILD, hasThreads: false });
    expect(asked(platform)).toEqual([]);
    expect([...platform.disk.keys()].filter((file) => file.includes('last-exit'))).toEqual([]);
  });

  it('is told by status(): reports wait for close() only where the exit does not send', () => {
    const warned = (platform: FakePlatformOptions, options: HeadcountOptions = {}): boolean => {
      instances().clear();
      const { warnings } = createHeadcountOn(fakePlatform(platform), {
        ...OPTIONS,
        ...options,
      }).status();
      return warnings.some(({ reason }) => reason === 'waits-for-close');
    };
    expect(warned(NO_CHILD, { exitBudgetMs: 0 })).toBe(true);
    expect(warned(NO_CHILD)).toBe(false);
    expect(warned({ ...NO_CHILD, hasThreads: false })).toBe(true);
    expect(warned(NO_CHILD, { storage: memoryStorage() })).toBe(true);
    expect(warned({}, { exitBudgetMs: 0 })).toBe(false);
  });
});
