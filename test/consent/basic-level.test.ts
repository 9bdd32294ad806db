import { afterEach, describe, expect, it } from 'vitest';
import { NOTHING_SENT } from '../../src/delivery/protocol.js';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import type { HeadcountOptions } from '../../src/options.js';
import { readSegment } from '../../src/storage/outbox-lines.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';
import { fakePlatform, type FakePlatformOptions } from '../support/fake-platform.js';

const CHOICE = '/home/ada/.config/headcount/acme-cli/choice';
const BASIC = { [CHOICE]: '{"telemetry":"basic"}' };

afterEach(() => instances().clear());

function start(platformOptions: FakePlatformOptions = {}, options: HeadcountOptions = {}) {
  const platform = fakePlatform({
    thread: (_message, sender) => sender.message({ type: 'result', result: NOTHING_SENT }),
    ...platformOptions,
  });
  const headcount = createHeadcountOn(platform, {
    project: 'acme-cli',
    version: '2.3.1',
    endpoint: 'https://stats.acme.dev',
    events: {
      build: { description: 'A build was finished.', timed: true },
      startup: { description: 'It was started.', fields: { shell: ['bash', 'zsh'] } },
    },
    ...options,
  });
  const drafts = () =>
    [...platform.disk]
      .filter(([path]) => path.includes('/outbox/'))
      .flatMap(([, text]) => readSegment(text).drafts);
  return { platform, headcount, drafts };
}

type Started = ReturnType<typeof start>;

function trackAll({ headcount }: Started): void {
  headcount.track('startup', { shell: 'zsh' });
  headcount.track('build');
  headcount.time('build', () => 1);
}

const said = ({ drafts }: Started) =>
  drafts().map(({ event, fields, level }) => ({ event, fields, level }));
const STARTUP_ONLY = [{ event: 'startup', fields: undefined, level: 'basic' }];

describe('the level basic', () => {
  it('lets only startup and alive be reported, without fields', () => {
    const started = start({ files: BASIC });
    trackAll(started);
    expect(said(started)).toEqual(STARTUP_ONLY);
    for (let hour = 0; hour < 25; hour += 1) started.platform.advance(3_600_000);
    const [startup, ...alive] = said(started);
    expect([startup]).toEqual(STARTUP_ONLY);
    expect(new Set(alive.map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify({ event: 'alive', level: 'basic' })]),
    );
    expect(started.headcount.status()).toMatchObject({
      mode: 'on',
      level: 'basic',
      dropped: { 'basic-level': 2 },
      consent: { rule: 'choice', source: CHOICE, level: 'basic' },
    });
  });

  it('is saved by optIn(), holds at once, and is taken back by optIn() or optOut()', async () => {
    const started = start();
    const { headcount, platform } = started;
    expect(headcount.status().level).toBe('full');
    trackAll(started);
    expect(await headcount.optIn({ level: 'basic' })).toMatchObject({ ok: true, source: CHOICE });
    expect(said(started)).toEqual([]); // what was recorded before is never sent
    trackAll(started);
    expect(said(started)).toEqual(STARTUP_ONLY);
    expect(JSON.parse(platform.disk.get(CHOICE) ?? '')).toMatchObject({ telemetry: 'basic' });

    await headcount.optIn();
    expect(headcount.status().level).toBe('full');
    trackAll(started);
    expect(started.drafts()).toHaveLength(3);
    await headcount.optOut();
    expect(headcount.status()).not.toHaveProperty('level');
  });

  it('is refused under another name, which changes nothing', async () => {
    const { headcount, platform } = start();
    for (const level of ['bsic', '', 7, null]) {
      const options = { level } as unknown as { level: 'basic' };
      expect(await headcount.optIn(options)).toMatchObject({ ok: false });
    }
    expect(platform.disk.has(CHOICE)).toBe(false);
    expect(await headcount.optIn({})).toMatchObject({ ok: true });
  });

  it('turns a program on that asks first', () => {
    const started = start({ files: BASIC }, { mode: 'opt-in' });
    trackAll(started);
    expect(said(started)).toEqual(STARTUP_ONLY);
  });

  it('is also known of all projects, and of an app’s own storage', async () => {
    const all = { '/home/ada/.config/headcount/_all/choice': '{"telemetry":"basic"}' };
    expect(start({ files: all }).headcount.status().level).toBe('basic');
    instances().clear();
    const storage = memoryStorage();
    const { headcount } = start({}, { storage });
    expect(await headcount.optIn({ level: 'basic' })).toMatchObject({ ok: true });
    expect(headcount.status().level).toBe('basic');
  });

  it('does not outweigh what turns telemetry off', () => {
    const started = start({ files: BASIC, env: { DO_NOT_TRACK: '1' } });
    trackAll(started);
    expect(said(started)).toEqual([]);
    expect(started.headcount.status()).toMatchObject({ mode: 'off' });
    expect(started.headcount.status()).not.toHaveProperty('level');
  });

  it('of another user, in whose home the program runs, counts as a no', () => {
    const started = start({ files: BASIC });
    const { files } = started.platform;
    instances().clear();
    const foreign: Started['platform'] = {
      ...started.platform,
      files: {
        ...files,
        stat: (path) => {
          const found = files.stat(path);
          return found && { ...found, uid: 1001, isForeign: true };
        },
      },
    };
    const headcount = createHeadcountOn(foreign, { project: 'acme-cli', version: '2.3.1' });
    expect(headcount.status()).toMatchObject({ mode: 'off', consent: { rule: 'choice' } });
  });
});
