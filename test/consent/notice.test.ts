import { afterEach, describe, expect, it } from 'vitest';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import type { HeadcountOptions } from '../../src/options.js';
import { fakePlatform, type FakePlatformOptions } from '../support/fake-platform.js';

const BUILD = { build: { description: 'A build was finished.' } };

/** One run of the app on a disk that earlier runs have written to. */
function run(
  disk: Map<string, string>,
  options: HeadcountOptions = {},
  more: FakePlatformOptions = {},
) {
  instances().clear();
  const platform = fakePlatform({ files: Object.fromEntries(disk), ...more });
  const headcount = createHeadcountOn(platform, {
    project: 'acme-cli',
    endpoint: 'https://stats.acme.dev',
    events: BUILD,
    ...options,
  });
  const keep = () => {
    for (const [path, text] of platform.disk) disk.set(path, text);
  };
  return { platform, headcount, keep };
}

afterEach(() => instances().clear());

describe('notice()', () => {
  it('tells once what is collected, how to see it and how to turn it off', () => {
    const disk = new Map<string, string>();
    const first = run(disk);
    const text = first.headcount.notice() ?? '';
    for (const part of ['acme-cli', 'startup, alive, build', 'ACME_CLI_TELEMETRY_DISABLED=1']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('npx headcount --project acme-cli off');
    expect(first.headcount.notice()).toBeUndefined();
    first.keep();
    expect(run(disk).headcount.notice()).toBeUndefined();
  });

  it('is due again when an event is added, and not when their order changes', () => {
    const disk = new Map<string, string>();
    const deploy = { deploy: { description: 'It was deployed.' } };
    const first = run(disk, { events: { ...BUILD, ...deploy } });
    first.headcount.notice();
    first.keep();
    expect(run(disk, { events: { ...deploy, ...BUILD } }).headcount.notice()).toBeUndefined();
    const added = { ...BUILD, ...deploy, test: { description: 'Tests were run.' } };
    expect(run(disk, { events: added }).headcount.notice()).toContain(
      'startup, alive, build, deploy, test',
    );
  });

  it('names the command of the app', () => {
    const text = run(new Map(), { command: 'acme telemetry' }).headcount.notice();
    expect(text).toContain('acme telemetry off');
  });

  it('asks under opt-in, and says that local stays local', () => {
    const asked = run(new Map(), { mode: 'opt-in' }).headcount.notice();
    expect(asked).toContain('Nothing is sent unless you say so');
    expect(asked).toContain('--project acme-cli on');
    const local = run(new Map(), { mode: 'local' }).headcount.notice();
    expect(local).toContain('stays on this machine');
  });

  it.each([
    [{ disabled: true }, {}],
    [{ mode: 'off' }, {}],
    [{}, { env: { DO_NOT_TRACK: '1' } }],
    [{}, { files: { '/home/ada/.config/headcount/_all/choice': '{"telemetry":"off"}' } }],
  ] as const)('says nothing where nothing is collected (%j, %j)', (options, more) => {
    expect(run(new Map(), options, more).headcount.notice()).toBeUndefined();
  });

  it('needs not be shown to a user who has chosen knowing these events', async () => {
    const { headcount } = run(new Map(), { mode: 'opt-in' });
    await headcount.optIn();
    expect(headcount.notice()).toBeUndefined();
  });
});

describe("notice: 'before-send'", () => {
  const options = { notice: 'before-send' } as const;

  it('sends nothing until the notice was shown, and keeps the reports', async () => {
    const { platform, headcount } = run(new Map(), options);
    headcount.track();
    platform.advance(5_000);
    const flushed = headcount.flush();
    platform.advance(5_000);
    expect(await flushed).toMatchObject({ sent: 0, queued: 1 });
    expect(platform.threadMessages).toEqual([]);
    expect(headcount.status()).toMatchObject({ notice: 'due', queued: 1 });
    headcount.notice();
    headcount.track();
    platform.advance(5_000);
    expect(platform.threadMessages).toEqual([{ type: 'send', hostOutbox: false }]);
    expect(headcount.status()).toMatchObject({ notice: 'shown', queued: 2 });
  });

  it('hands nothing over at exit before that', () => {
    const silent = run(new Map(), options);
    silent.headcount.track();
    silent.platform.end();
    expect(silent.platform.childJobs).toEqual([]);
    const told = run(new Map(), options);
    told.headcount.notice();
    told.headcount.track();
    told.platform.end();
    expect(told.platform.childJobs).toHaveLength(1);
  });

  it('waits again when the declared events have changed', () => {
    const disk = new Map<string, string>();
    const first = run(disk, options);
    first.headcount.notice();
    first.keep();
    const changed = { ...BUILD, test: { description: 'Tests were run.' } };
    const second = run(disk, { ...options, events: changed });
    second.headcount.track();
    second.platform.end();
    expect(second.platform.childJobs).toEqual([]);
  });
});
