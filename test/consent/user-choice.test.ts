import { afterEach, describe, expect, it } from 'vitest';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import type { HeadcountOptions } from '../../src/options.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';
import type { Storage } from '../../src/storage/storage.js';
import { fakePlatform, type FakePlatformOptions } from '../support/fake-platform.js';

const CHOICE = '/home/ada/.config/headcount/acme-cli/choice';
const OFF = '{"telemetry":"off"}';

function start(options: HeadcountOptions = {}, platformOptions: FakePlatformOptions = {}) {
  const platform = fakePlatform(platformOptions);
  const endpoint = 'https://stats.acme.dev';
  const headcount = createHeadcountOn(platform, { project: 'acme-cli', endpoint, ...options });
  const filesIn = (folder: string) =>
    [...platform.disk.keys()].filter((path) =>
      path.startsWith(`/home/ada/data/acme-cli/${folder}/`),
    );
  return { platform, headcount, filesIn };
}

afterEach(() => instances().clear());

describe('optOut()', () => {
  it('turns telemetry off now and for later runs, and deletes what waits', async () => {
    const { platform, headcount, filesIn } = start();
    headcount.track();
    headcount.track();
    expect(await headcount.optOut()).toEqual({ ok: true, source: CHOICE });
    expect(filesIn('outbox')).toEqual([]);
    headcount.track();
    platform.advance(10_000);
    platform.end();
    expect(filesIn('outbox')).toEqual([]);
    expect(platform.threadMessages).toEqual([]);
    expect(platform.childJobs).toEqual([]);
    expect(headcount.status()).toMatchObject({
      mode: 'off',
      reason: 'choice',
      consent: { source: CHOICE },
      queued: 0,
    });
    const choice = platform.disk.get(CHOICE) ?? '';
    instances().clear();
    expect(start({}, { files: { [CHOICE]: choice } }).headcount.status().mode).toBe('off');
  });

  it('that cannot be saved tells why, and holds in this process all the same', async () => {
    const disk = (call: string, path: string) => {
      if (call === 'replace' && path === CHOICE) {
        throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
      }
    };
    const { headcount, filesIn } = start({}, { disk });
    headcount.track();
    expect(await headcount.optOut()).toEqual({
      ok: false,
      source: CHOICE,
      error: 'EROFS: read-only file system',
    });
    headcount.track();
    expect(filesIn('outbox')).toEqual([]);
    expect(headcount.status().mode).toBe('off');
  });

  it('is saved in the app’s own storage where that is what it has', async () => {
    const values = new Map<string, string>();
    const storage: Storage = {
      get: async (key) => values.get(key),
      set: async (key, value) => void values.set(key, value),
      setIfAbsent: async (_key, value) => value,
      remove: async (key) => void values.delete(key),
    };
    const { headcount } = start({ storage });
    expect(await headcount.optOut()).toMatchObject({ ok: true });
    expect(JSON.parse(values.get('choice') ?? '')).toMatchObject({ telemetry: 'off' });
    expect(headcount.status().mode).toBe('off');
  });

  it('is not overridden by mode "on", nor by memoryStorage() where all projects are off', () => {
    const all = { '/home/ada/.config/headcount/_all/choice': OFF };
    const { headcount } = start({ mode: 'on', storage: memoryStorage() }, { files: all });
    headcount.track();
    expect(headcount.status()).toMatchObject({ mode: 'off', reason: 'choice', queued: 0 });
  });
});

describe('optIn()', () => {
  it('starts afresh: nothing recorded before is sent', async () => {
    const { platform, headcount, filesIn } = start({ mode: 'local' });
    headcount.track();
    expect(filesIn('local')).toHaveLength(1);
    expect(await headcount.optIn()).toEqual({ ok: true, source: CHOICE });
    expect([...filesIn('local'), ...filesIn('outbox')]).toEqual([]);
    headcount.track();
    platform.end();
    expect(filesIn('outbox')).toHaveLength(1);
    expect(platform.childJobs).toHaveLength(1);
    expect(headcount.status()).toMatchObject({ mode: 'on', consent: { rule: 'choice' } });
  });

  it('turns opt-in telemetry on', async () => {
    const { headcount } = start({ mode: 'opt-in' });
    headcount.track();
    expect(headcount.status()).toMatchObject({ mode: 'off', reason: 'mode', queued: 0 });
    await headcount.optIn();
    headcount.track();
    expect(headcount.status()).toMatchObject({ mode: 'on', queued: 1 });
  });

  it('comes after the variables of the environment', async () => {
    const { headcount } = start({}, { env: { DO_NOT_TRACK: '1' } });
    expect(await headcount.optIn()).toMatchObject({ ok: true });
    expect(headcount.status()).toMatchObject({ mode: 'off', reason: 'environment' });
  });
});

describe('mode "local"', () => {
  it('keeps reports in an outbox that no sender looks into', async () => {
    const { platform, headcount, filesIn } = start({ mode: 'local' });
    for (let count = 0; count < 3; count += 1) headcount.track();
    platform.advance(60_000);
    const flushed = headcount.flush();
    platform.advance(5_000);
    expect(await flushed).toMatchObject({ sent: 0, queued: 3 });
    platform.end();
    expect(filesIn('outbox')).toEqual([]);
    expect(filesIn('local')).toHaveLength(2); // the first report, and those that followed
    expect(platform.threadMessages).toEqual([]);
    expect(platform.childJobs).toEqual([]);
    expect(headcount.status()).toMatchObject({ mode: 'local', reason: 'mode', queued: 3 });
  });

  it('is left by a newer version of the app without sending what was kept', () => {
    const first = start({ mode: 'local' });
    first.headcount.track();
    first.platform.end();
    instances().clear();
    const second = start({ mode: 'on' }, { files: Object.fromEntries(first.platform.disk) });
    second.headcount.track();
    second.platform.end();
    expect(second.filesIn('outbox')).toHaveLength(1);
    expect(second.filesIn('local')).toEqual(first.filesIn('local'));
  });
});

describe('a choice that is not known yet', () => {
  function slowStorage() {
    let answer: (text: string | undefined) => void = () => undefined;
    const choice = new Promise<string | undefined>((resolve) => (answer = resolve));
    const appended: string[] = [];
    const nothing = () => undefined;
    const storage: Storage = {
      get: (key) => (key === 'choice' ? choice : undefined),
      set: nothing,
      setIfAbsent: (_key, value) => value,
      remove: nothing,
      outbox: {
        append: (line) => void appended.push(line),
        seal: nothing,
        list: () => [],
        claim: nothing,
        rewrite: nothing,
        remove: nothing,
        release: nothing,
      },
    };
    return { storage, appended, answer };
  }

  it('lets nothing be written until it is, and loses nothing where it is yes', async () => {
    const { storage, appended, answer } = slowStorage();
    const { headcount } = start({ storage });
    headcount.track();
    headcount.track();
    expect(appended).toEqual([]);
    answer(undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(appended).toHaveLength(2);
  });

  it('forgets what was tracked where it is no', async () => {
    const { storage, appended, answer } = slowStorage();
    const { headcount } = start({ storage });
    headcount.track();
    answer(OFF);
    await new Promise((resolve) => setImmediate(resolve));
    expect(appended).toEqual([]);
    expect(headcount.status()).toMatchObject({ mode: 'off', queued: 0 });
  });
});
