import { afterEach, describe, expect, it } from 'vitest';
import type { SenderMessage, SendResult } from '../src/delivery/protocol.js';
import { createHeadcountOn } from '../src/headcount.js';
import { instances } from '../src/host/platform/instances.js';
import type { HeadcountOptions } from '../src/options.js';
import { memoryStorage } from '../src/storage/memory-storage.js';
import { nullStorage } from '../src/storage/null-storage.js';
import { createLeases } from '../src/delivery/lease.js';
import { readSegment } from '../src/storage/outbox-lines.js';
import {
  fakePlatform,
  type FakePlatform,
  type FakePlatformOptions,
} from './support/fake-platform.js';

const ENDPOINT = 'https://stats.acme.dev';
const RESULT: SenderMessage = { type: 'result', result: { sent: 1, queued: 0, dropped: {} } };

function start(platformOptions: FakePlatformOptions = {}, options: HeadcountOptions = {}) {
  const platform = fakePlatform(platformOptions);
  const headcount = createHeadcountOn(platform, {
    project: 'acme-cli',
    version: '2.3.1',
    endpoint: ENDPOINT,
    ...options,
  });
  return { platform, headcount };
}

/** What senders have kept about the endpoint. */
const stateText = (state: object): string => {
  const url = `${ENDPOINT}/v1/reports`;
  return JSON.stringify({ [url]: { ...state, url } });
};

/** What a former run was told: to come back in an hour. */
const LEFT_ALONE = {
  '/home/ada/.config/headcount/acme-cli/delivery': stateText({
    failures: 1,
    notBeforeMs: Date.UTC(2026, 10, 22, 22),
    decidedAtMs: Date.UTC(2026, 10, 22, 20, 58),
  }),
};

const segments = ({ disk }: FakePlatform) =>
  [...disk].filter(([path]) => path.includes('/outbox/'));
const drafts = (platform: FakePlatform) =>
  segments(platform).flatMap(([, text]) => readSegment(text).drafts);

afterEach(() => instances().clear());

describe('track()', () => {
  it('has appended the report to this process’s segment when it returns', () => {
    const { platform, headcount } = start();
    headcount.track();
    headcount.track();
    expect(segments(platform).map(([path]) => path)).toEqual([
      // The first one can be sent at once; what follows is gathered.
      expect.stringMatching(
        /^\/home\/ada\/data\/acme-cli\/outbox\/to-stats\.acme\.dev\/\d+-4242\.0-[0-9a-f]+\.1-\d+\.ready$/,
      ),
      expect.stringMatching(
        /^\/home\/ada\/data\/acme-cli\/outbox\/to-stats\.acme\.dev\/\d+-4242\.a1b2c3d4\.1-[0-9a-f]+\.open$/,
      ),
    ]);
    expect(drafts(platform)).toHaveLength(2);
    expect(drafts(platform)[0]).toMatchObject({
      at_ms: Date.UTC(2026, 10, 22, 20, 58, 0, 123),
      project: 'acme-cli',
      event: 'startup',
      info: { os: 'Linux', version: '2.3.1' },
    });
    expect(headcount.status()).toMatchObject({ mode: 'on', queued: 2, storage: 'file' });
  });

  it('takes declared events, and drops and counts others', () => {
    const events = { build: { description: 'A build was finished.' } };
    const { platform, headcount } = start({}, { events });
    headcount.track('build');
    headcount.track('deploy');
    headcount.track('toString');
    expect(drafts(platform).map((draft) => draft.event)).toEqual(['build']);
    expect(headcount.status()).toMatchObject({ queued: 1, dropped: { 'undeclared-event': 2 } });
  });

  it('keeps an ID from the environment with the report', () => {
    const env = { HEADCOUNT_ANONYMOUS_ID: 'aaaabbbbccccdddd' };
    const { platform, headcount } = start({ env });
    headcount.track();
    platform.env['HEADCOUNT_ANONYMOUS_ID'] = 'not an id';
    headcount.track();
    expect(drafts(platform).map((draft) => draft.given_id)).toEqual([
      'aaaabbbbccccdddd',
      undefined,
    ]);
  });

  it('gives all runs of a CI vendor one ID', () => {
    const { platform, headcount } = start({ env: { GITHUB_ACTIONS: 'true' } });
    headcount.track();
    expect(drafts(platform)[0]?.given_id).toBe('ci-github-actions');
  });

  it('does nothing at all while telemetry is off, and follows the environment as it changes', () => {
    const touched: string[] = [];
    const env = { DO_NOT_TRACK: '1' };
    const { platform, headcount } = start({ env, disk: (call) => touched.push(call) });
    headcount.track();
    platform.advance(10_000);
    platform.end();
    expect(touched).toEqual([]);
    expect(platform.handles()).toBe(0);
    expect(platform.childJobs).toEqual([]);
    expect(headcount.status()).toMatchObject({
      mode: 'off',
      reason: 'environment',
      consent: { source: 'DO_NOT_TRACK' },
      queued: 0,
    });
    platform.env['DO_NOT_TRACK'] = '0';
    headcount.track();
    expect(drafts(platform)).toHaveLength(1);
  });

  it('keeps in memory what the disk does not take, never throws, and hands that to the child', () => {
    const disk = (call: string) => {
      if (call === 'append') throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    };
    const { platform, headcount } = start({ disk });
    expect(() => headcount.track()).not.toThrow();
    expect(headcount.status()).toMatchObject({ queued: 1, dropped: {}, storage: 'memory' });
    platform.end();
    const [job] = platform.childJobs as { handover: { lines: string } }[];
    expect(readSegment(job?.handover.lines ?? '').drafts).toMatchObject([{ event: 'startup' }]);
  });

  it('keeps reports in memory where there is no home, and hands them to the child', () => {
    const { platform, headcount } = start({ folders: undefined });
    headcount.track();
    expect(headcount.status()).toMatchObject({ storage: 'memory', queued: 1 });
    platform.end();
    expect(platform.childJobs).toMatchObject([{ handover: { dyingPid: 4242 } }]);
  });

  it('never loses count of what had to make room', () => {
    const { platform, headcount } = start({}, { flushAt: 1, flushIntervalMs: 60_000 });
    for (let count = 0; count < 1_100; count += 1) headcount.track();
    expect(headcount.status().dropped['outbox-full']).toBe(100);
    expect(platform.disk.get('/home/ada/data/acme-cli/outbox/to-stats.acme.dev/losses')).toBe(
      '1\n'.repeat(100),
    );
    expect(drafts(platform)).toHaveLength(1_000);
  });

  it('appends together what one turn of the event loop brings, on a disk that is slow', () => {
    let appends = 0;
    const disk = (call: string): void => {
      if (call !== 'append' && call !== 'extend') return;
      appends += 1;
      platform.advance(6);
    };
    const platform: FakePlatform = fakePlatform({ disk });
    const headcount = createHeadcountOn(platform, { project: 'acme-cli', endpoint: ENDPOINT });
    const track = (times: number): void => {
      for (let count = 0; count < times; count += 1) headcount.track();
    };
    track(52);
    expect(drafts(platform)).toHaveLength(2); // the first made the file, the second was slow
    platform.advance(0);
    expect(drafts(platform)).toHaveLength(52);
    expect(appends).toBe(3); // one for all of the turn: each costs as much as a hundred
    track(1);
    platform.end();
    expect(drafts(platform)).toHaveLength(53);
    track(102);
    expect(drafts(platform).length).toBeGreaterThan(100); // no turn of the loop was needed
    expect(appends).toBe(5);
  });

  it('hands as many reports to the child as it can take, where there is no disk', () => {
    const { platform, headcount } = start({ folders: undefined }, { flushIntervalMs: 60_000 });
    for (let count = 0; count < 400; count += 1) headcount.track();
    platform.end();
    const [job] = platform.childJobs as { handover: { lines: string } }[];
    const { lines = '' } = job?.handover ?? {};
    expect(lines.length).toBeGreaterThan(23 * 1024);
    expect(lines.length).toBeLessThanOrEqual(24 * 1024);
    expect(readSegment(lines).unreadable).toBe(0);
  });
});

describe('set-up', () => {
  it('is off without a project', () => {
    const headcount = createHeadcountOn(fakePlatform(), {});
    headcount.track();
    expect(headcount.status()).toMatchObject({ mode: 'off', reason: 'no-project' });
  });

  it('takes the endpoint from the code, then the environment, then the package.json', () => {
    const files = {
      '/app/package.json': JSON.stringify({
        name: 'acme-cli',
        version: '2.3.1',
        headcount: { endpoint: 'https://package.acme.dev' },
      }),
      '/app/cli.js': '',
    };
    const env = { HEADCOUNT_ENDPOINT: 'https://env.acme.dev' };
    const endpointOf = (platform: FakePlatformOptions, options: HeadcountOptions = {}) => {
      instances().clear();
      return createHeadcountOn(fakePlatform(platform), options).status().endpoint;
    };
    const found = { files, mainScript: '/app/cli.js' };
    expect(endpointOf({ ...found, env }, { endpoint: ENDPOINT })).toBe(`${ENDPOINT}/v1/reports`);
    expect(endpointOf({ ...found, env })).toBe('https://env.acme.dev/v1/reports');
    expect(endpointOf(found)).toBe('https://package.acme.dev/v1/reports');
    expect(endpointOf({}, { project: 'acme-cli' })).toBe('http://127.0.0.1:8081/v1/reports');
  });

  it.each([
    ['nonsense', 'endpoint-not-a-url'],
    ['http://stats.acme.dev', 'endpoint-insecure'],
    ['https://ada:secret@stats.acme.dev', 'endpoint-credentials'],
  ])('is off for HEADCOUNT_ENDPOINT=%s, and does not throw', (value, reason) => {
    const platform = fakePlatform({ env: { HEADCOUNT_ENDPOINT: value } });
    const headcount = createHeadcountOn(platform, { project: 'acme-cli' });
    headcount.track();
    expect(headcount.status()).toMatchObject({ mode: 'off', reason });
  });

  it('gives one process one instance for each project, and counts later set-ups', () => {
    const platform = fakePlatform();
    const first = createHeadcountOn(platform, { project: 'acme-cli', endpoint: ENDPOINT });
    const second = createHeadcountOn(platform, { project: 'acme-cli' });
    expect(second).toBe(first);
    expect(first.status()).toMatchObject({
      endpoint: `${ENDPOINT}/v1/reports`,
      warnings: [{ reason: 'options-ignored' }],
    });
    expect(createHeadcountOn(platform, { project: 'other' })).not.toBe(first);
  });
});

describe('delivery', () => {
  it('sends by a thread once a report has waited long enough', () => {
    const { platform, headcount } = start({}, { flushIntervalMs: 500 });
    headcount.track();
    platform.advance(499);
    expect(platform.threadMessages).toEqual([]);
    platform.advance(1);
    expect(platform.threadMessages).toEqual([{ type: 'send', hostOutbox: false }]);
    expect(segments(platform)[0]?.[0]).toMatch(/\.ready$/);
  });

  it('hands over to a child at exit, with what it needs to take over from this process', () => {
    const { platform, headcount } = start();
    headcount.track();
    platform.end();
    expect(platform.childJobs).toEqual([
      {
        project: 'acme-cli',
        endpoint: { url: `${ENDPOINT}/v1/reports`, form: 'batch', implicit: false },
        folders: {
          config: '/home/ada/.config/headcount/acme-cli',
          state: '/home/ada/data/acme-cli',
          outbox: '/home/ada/data/acme-cli/outbox',
        },
        choiceFiles: [
          '/home/ada/.config/headcount/acme-cli/choice',
          '/home/ada/.config/headcount/_all/choice',
        ],
        collectorFile: '/home/ada/.config/headcount/collector.json',
        isPersistent: true,
        version: '2.3.1',
        app: {
          project: 'acme-cli',
          version: '2.3.1',
          endpoint: `${ENDPOINT}/v1/reports`,
          inCode: true,
          mode: 'on',
          notice: 'none',
          events: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        },
        handover: { dyingPid: 4242 },
      },
    ]);
    expect(segments(platform)[0]?.[0]).toMatch(/\.ready$/);
    const files = [...platform.disk.keys()];
    expect(files.filter((path) => path.includes('lease'))).toEqual([]); // the child takes it
  });

  it('takes nothing from the other threads of a process when only its own thread ends', () => {
    const lease = '{"pid":4242,"scope":"a1b2c3d4","start":"1"}';
    const file = '/home/ada/data/acme-cli/lease.7';
    const { platform, headcount } = start({ isWorkerThread: true, files: { [file]: lease } });
    headcount.track();
    platform.end();
    expect(platform.disk.get(file)).toBe(lease); // the main thread's sender holds it, and goes on
    expect(platform.childJobs).toHaveLength(1);
    expect(platform.childJobs[0]).not.toHaveProperty('handover.dyingPid');
    // So its child finds the lease held.
    const child = { ...platform, processes: { ...platform.processes, pid: 4343 } };
    expect(createLeases('/home/ada/data/acme-cli', child).acquire()).toBeUndefined();
  });

  it.each<[string, FakePlatformOptions, HeadcountOptions]>([
    ['local mode', {}, { mode: 'local' }],
    ['a notice that is due', {}, { notice: 'before-send' }],
    ['a collector that wants to be left alone', { files: LEFT_ALONE }, {}],
  ])('writes what a slow disk has made wait, with %s', (_, platformOptions, options) => {
    const { platform, headcount } = start(
      { ...platformOptions, disk: (call) => call === 'append' && platform.advance(6) },
      options,
    );
    for (let count = 0; count < 10; count += 1) headcount.track();
    platform.end();
    const written = [...platform.disk].filter(([path]) => /\.(open|ready)$/.test(path));
    expect(written.flatMap(([, text]) => readSegment(text).drafts)).toHaveLength(10);
    expect(platform.childJobs).toEqual([]);
  });

  it('starts a child for what is tracked while the process ends, when listeners come too late', () => {
    const { platform, headcount } = start();
    platform.end(() => headcount.track());
    expect(platform.childJobs).toHaveLength(1);
    expect(drafts(platform)).toHaveLength(1);
  });

  it('keeps what waits while the user’s choice cannot be read, and sends nothing', () => {
    let isFailing = false;
    const { platform, headcount } = start({
      disk(call, path) {
        if (!isFailing || !['read', 'stat'].includes(call) || !path.endsWith('/choice')) return;
        throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
      },
    });
    headcount.track();
    isFailing = true;
    platform.advance(5_000);
    headcount.track();
    expect(headcount.status()).toMatchObject({ mode: 'off', reason: 'unreadable-choice' });
    platform.end();
    expect([platform.childJobs, platform.threadMessages]).toEqual([[], []]);
    expect(drafts(platform)).toHaveLength(1);
    isFailing = false;
    platform.advance(5_000);
    headcount.track();
    expect(drafts(platform)).toHaveLength(2);
    platform.end();
    expect(platform.childJobs).toHaveLength(1);
  });

  it('starts one child in ten minutes, and one for the first report of a day', () => {
    let files: Record<string, string> = {};
    let atMs = 0;
    const run = (afterMs: number, more: HeadcountOptions = {}): number => {
      const { platform, headcount } = start({ files }, more);
      platform.advance((atMs += afterMs));
      headcount.track();
      platform.end();
      instances().clear(); // the next one is another process
      files = Object.fromEntries(platform.disk);
      return platform.childJobs.length;
    };
    expect(run(0)).toBe(1);
    expect(run(599_000)).toBe(0);
    expect(run(1_000)).toBe(1);
    expect(run(1_000)).toBe(0);
    expect(run(0, { exitUploadIntervalMs: 0 })).toBe(1);
    expect(run(4 * 3_600_000)).toBe(1); // past midnight, UTC
    expect(run(-86_400_000)).toBe(1); // the clock was set back
  });

  it.each(['runtime', 'memory', 'permission'] as const)(
    'leaves it to the next run where a child cannot be had (%s)',
    (childObstacle) => {
      const { platform, headcount } = start({ childObstacle });
      headcount.track();
      platform.end();
      expect(platform.childJobs).toEqual([]);
      expect(drafts(platform)).toHaveLength(1);
    },
  );

  it('takes no lease from another process that is sending: its child sees that', () => {
    const file = '/home/ada/data/acme-cli/lease.7';
    const lease = '{"pid":999,"scope":"a1b2c3d4","start":"1"}';
    const { platform, headcount } = start({ files: { [file]: lease } });
    headcount.track();
    expect(headcount.status().leaseHolder).toBe(999);
    platform.end();
    expect(platform.childJobs).toMatchObject([{ handover: { dyingPid: 4242 } }]);
    const leases = [...platform.disk].filter(([path]) => path.includes('lease'));
    expect(leases).toEqual([[file, lease]]);
    expect(segments(platform)[0]?.[0]).toMatch(/\.1-\d+\.ready$/);
  });

  it('makes no report for a version that the collector wants nothing of', () => {
    const gone = stateText({ retired: ['2.3.1'] });
    const files = { '/home/ada/.config/headcount/acme-cli/delivery': gone };
    const { platform, headcount } = start({ files });
    headcount.track();
    expect(drafts(platform)).toEqual([]);
    expect(headcount.status()).toMatchObject({ mode: 'off', reason: 'retired' });
    instances().clear();
    const next = start({ files }, { version: '2.4.0' });
    next.headcount.track();
    expect(drafts(next.platform)).toHaveLength(1);
  });

  it('sends at once what fills a request, and waits for the agreed time after a failure', () => {
    const at = Date.UTC(2026, 10, 22, 20, 59, 0);
    const result = { sent: 0, queued: 3, dropped: {}, error: 'ECONNREFUSED', nextAttemptMs: at };
    const { platform, headcount } = start(
      { thread: (_message, events) => events.message({ type: 'result', result }) },
      { flushAt: 3 },
    );
    for (let count = 0; count < 3; count += 1) headcount.track();
    expect(platform.threadMessages).toHaveLength(1);
  });

  it('starts no child when everything was sent, and one when an attempt is under way', () => {
    const answered = start({ thread: (_message, events) => events.message(RESULT) });
    answered.headcount.track();
    answered.platform.advance(1_000);
    answered.platform.end();
    expect(answered.platform.childJobs).toEqual([]);
    instances().clear();

    const underWay = start();
    underWay.headcount.track();
    underWay.platform.advance(1_000);
    underWay.platform.end();
    expect(underWay.platform.childJobs).toHaveLength(1);
  });

  it('starts no child when telemetry was turned off meanwhile', () => {
    const { platform, headcount } = start();
    headcount.track();
    platform.env['DO_NOT_TRACK'] = '1';
    platform.advance(1_000);
    platform.end();
    expect(platform.threadMessages).toEqual([]);
    expect(platform.childJobs).toEqual([]);
  });

  it('tries the implicit endpoint at once, and never again in this process once that failed', () => {
    const failed = { sent: 0, queued: 1, dropped: {}, error: 'ECONNREFUSED' };
    const platform = fakePlatform({
      thread: (_message, events) => events.message({ type: 'result', result: failed }),
    });
    const headcount = createHeadcountOn(platform, { project: 'acme-cli' });
    headcount.track();
    platform.advance(0);
    expect(platform.threadMessages).toHaveLength(1);
    return Promise.resolve().then(() => {
      for (let count = 0; count < 3; count += 1) {
        headcount.track();
        platform.advance(60_000);
      }
      platform.end();
      expect(platform.threadMessages).toHaveLength(1);
      expect(platform.childJobs).toEqual([]);
    });
  });

  it('goes on with the implicit endpoint where a collector is there', async () => {
    const platform = fakePlatform({ thread: (_message, events) => events.message(RESULT) });
    const headcount = createHeadcountOn(platform, { project: 'acme-cli' });
    for (let count = 0; count < 3; count += 1) {
      headcount.track();
      platform.advance(1_000);
      await Promise.resolve();
    }
    platform.end();
    expect(platform.threadMessages).toHaveLength(3);
    expect(platform.childJobs).toEqual([]);
  });

  it('keeps to what former runs were told: no attempt before the time', () => {
    const now = Date.UTC(2026, 10, 22, 20, 58);
    const state = { failures: 1, notBeforeMs: now + 3_600_000, decidedAtMs: now };
    const files = { '/home/ada/.config/headcount/acme-cli/delivery': stateText(state) };
    const { platform, headcount } = start({ files });
    headcount.track();
    platform.advance(60_000);
    expect(platform.threadMessages).toEqual([]);
    expect(headcount.status().nextAttempt).toBe('2026-11-22T21:58:00.000Z');
    platform.end();
    expect(platform.childJobs).toEqual([]);
    platform.advance(3_600_000);
    expect(platform.threadMessages).toHaveLength(1);
  });
});

/** As many segments as each attempt of the sender's is to send are gone from the disk after it. */
function startSending(attempts: number[], more: Partial<SendResult> = {}) {
  const started = start(
    {
      thread(_message, events) {
        const segmentsSent = attempts.shift() ?? 0;
        const ready = segments(started.platform).slice(0, segmentsSent);
        for (const [path] of ready) started.platform.disk.delete(path);
        const result = { sent: segmentsSent, queued: 0, dropped: {}, ...more };
        events.message({ type: 'result', result } satisfies SenderMessage);
      },
    },
    { flushIntervalMs: 60_000 },
  );
  return started;
}

describe('flush() and close()', () => {
  const idle = { sent: 0, queued: 0, dropped: 0 };

  it('resolve at once where nothing was tracked', async () => {
    const { headcount } = start();
    expect(await headcount.flush()).toEqual(idle);
    expect(await headcount.close()).toEqual(idle);
  });

  it('tell what became of the reports', async () => {
    const { headcount } = startSending([0, 1]);
    headcount.track();
    expect(await headcount.flush()).toEqual({ sent: 0, queued: 1, dropped: 0 });
    headcount.track();
    expect(await headcount.flush()).toEqual({ sent: 1, queued: 1, dropped: 0 });
    expect(headcount.status()).toMatchObject({ sent: 1, queued: 1 });
  });

  it('tell what waits of this process, whatever was sent and dropped of earlier ones', async () => {
    const { headcount } = startSending([1], { sent: 11, dropped: { unreadable: 3 } });
    headcount.track();
    expect(await headcount.flush()).toEqual({ sent: 11, queued: 0, dropped: 3 });
    headcount.track();
    headcount.track();
    expect(headcount.status()).toMatchObject({ sent: 11, queued: 2 });
  });

  it('share one deadline, whatever it is spent on', async () => {
    const asked: string[] = [];
    // A storage of the app's own that never says what the user has chosen.
    const { platform, headcount } = start(
      { thread: () => asked.push('thread') },
      { storage: { ...memoryStorage(), get: () => new Promise(() => undefined) } },
    );
    headcount.track();
    let isDone = false;
    void headcount.close({ timeoutMs: 400 }).then(() => (isDone = true));
    platform.advance(300); // the rest is for the thread's end
    await new Promise(setImmediate);
    expect(isDone).toBe(true);
    expect(asked).toEqual([]);
  });

  it('let a later set-up begin anew once it is closed', async () => {
    const { platform, headcount } = startSending([0]);
    await headcount.close();
    headcount.track();
    const options = { project: 'acme-cli', version: '2.3.1', endpoint: ENDPOINT };
    const next = createHeadcountOn(platform, options);
    next.track();
    expect([headcount.status().queued, next.status().queued]).toEqual([0, 1]);
    expect(next.status().warnings).toEqual([]);
  });

  it('give up at the deadline, and keep the reports', async () => {
    const { platform, headcount } = start();
    headcount.track();
    const flushed = headcount.flush({ timeoutMs: 100 });
    expect(platform.threadsHeld).toBe(true);
    platform.advance(100);
    expect(await flushed).toEqual({ sent: 0, queued: 1, dropped: 0 });
    expect(platform.threadsHeld).toBe(false);
  });

  it('survive a thread that crashes, and a system without threads', async () => {
    const crashed = start({ thread: (_message, events) => events.exit() });
    crashed.headcount.track();
    expect(await crashed.headcount.flush()).toEqual({ sent: 0, queued: 1, dropped: 0 });
    expect(crashed.headcount.status().error).toMatch(/no sender/);
    instances().clear();

    const without = start({ hasThreads: false });
    without.headcount.track();
    expect(await without.headcount.flush()).toEqual({ sent: 0, queued: 1, dropped: 0 });
  });

  it('leave nothing behind after close()', async () => {
    const { platform, headcount } = start({
      thread: (_message, events) => events.message(RESULT),
    });
    headcount.track();
    await headcount.close();
    expect(platform.handles()).toBe(0);
    headcount.track();
    expect(platform.handles()).toBe(0);
  });

  it('never reject, whatever they are given', async () => {
    const { platform, headcount } = start({}, { storage: nullStorage() });
    headcount.track();
    const flushed = [0, -1, Number.NaN, Infinity, 'x' as never].map((timeoutMs) =>
      headcount.flush({ timeoutMs }),
    );
    platform.advance(60_000);
    expect(await Promise.all(flushed)).toHaveLength(5);
  });
});
