import { afterEach, describe, expect, it, vi } from 'vitest';
import { NOTHING_SENT } from '../../../src/delivery/protocol.js';
import { createHeadcountOn } from '../../../src/headcount.js';
import { startHeartbeat } from '../../../src/host/deferred/heartbeat.js';
import { instances } from '../../../src/host/platform/instances.js';
import type { HeadcountOptions } from '../../../src/options.js';
import { readSegment } from '../../../src/storage/outbox-lines.js';
import { fakePlatform, type FakePlatformOptions } from '../../support/fake-platform.js';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STEP_MS = 30 * SECOND_MS;

afterEach(() => instances().clear());

const NEVER = (): boolean => false;

interface Clock {
  atMs: number;
  elapsedMs: number;
}

/** Processes of one machine, with one disk; the clocks are in the hands of the test. */
function machine({ startMs = Date.UTC(2026, 2, 1, 9), boot = 'a1b2c3d4', seed = 1 } = {}) {
  const { files, disk } = fakePlatform();
  const clock: Clock = { atMs: startMs, elapsedMs: 5_000 };
  const timers = new Set<{ atMs: number; callback: () => void }>();
  const reports: { atMs: number; elapsedMs: number; by: number }[] = [];
  const stops: (() => void)[] = [];
  let random = seed;
  let scope = boot;

  /** @param off - whether telemetry is off in this process */
  function start({ off = NEVER, hasDisk = true } = {}): void {
    const by = stops.length;
    const platform = {
      files,
      processes: { ...fakePlatform().processes, pid: 100 + by, scope: () => scope },
      now: () => clock.atMs,
      elapsed: () => clock.elapsedMs,
      uniqueHex() {
        random = (random * 48_271) % 0x7fffffff;
        return (random % 0x1000000).toString(16).padStart(6, '0') + '000000';
      },
      later(callback: () => void, afterMs: number) {
        const timer = { atMs: clock.elapsedMs + afterMs, callback };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    };
    reports.push({ ...clock, by }); // startup
    const parts = {
      platform,
      folders: hasDisk ? { state: '/home/ada/data/acme-cli' } : undefined,
      started: { ...clock },
      isOn: () => !off(),
      report: () => void reports.push({ ...clock, by }),
    };
    stops.push(startHeartbeat(parts));
  }

  /** Lets time pass by steps; every timer counts time in which the system does not sleep. */
  function pass(ms: number, stepMs = STEP_MS): void {
    for (let passed = 0; passed < ms; passed += stepMs) {
      clock.atMs += stepMs;
      clock.elapsedMs += stepMs;
      for (const timer of [...timers]) {
        if (timer.atMs > clock.elapsedMs || !timers.delete(timer)) continue;
        timer.callback();
      }
    }
  }

  return {
    ...{ clock, reports, start, pass, disk, timers },
    stop: () => stops.forEach((stop) => stop()),
    sleep: (ms: number) => void (clock.atMs += ms),
    setClock: (byMs: number) => void (clock.atMs += byMs),
    reboot() {
      timers.clear();
      scope = 'e5f6a7b8';
      clock.elapsedMs = 1_000;
    },
    alive: () => reports.length - stops.length,
    records: () => [...disk.keys()].filter((path) => path.includes('/alive.')),
  };
}

/** The longest time between two reports, and from the last one to now, by the clock that runs on. */
function longestGapMs({ reports, clock }: Pick<ReturnType<typeof machine>, 'reports' | 'clock'>) {
  const times = [...reports.map(({ elapsedMs }) => elapsedMs), clock.elapsedMs];
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
}

/** The days of a zone that have no report, of all that have begun and ended meanwhile. */
function emptyDays(zone: string, times: readonly number[], endMs: number): string[] {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const dayOf = (ms: number): string => format.format(ms);
  const [startMs = 0] = times;
  const days = new Set<string>();
  for (let at = startMs; at < endMs; at += HOUR_MS) days.add(dayOf(at));
  days.delete(dayOf(endMs));
  const counted = new Set(times.map(dayOf));
  return [...days].filter((day) => !counted.has(day));
}

describe('the heartbeat of a process that lives for 30 days', () => {
  it.each([1, 2, 3, 4, 5])('leaves no day of any zone empty (install %i)', (seed) => {
    // The clocks of Europe, America and Antarctica change in March; a day of Troll has 22 hours.
    const it = machine({ seed: seed * 7_919, startMs: Date.UTC(2026, 2, 5, seed * 4, 17) });
    it.start();
    it.pass(30 * DAY_MS);
    expect(longestGapMs(it)).toBeLessThan(22 * HOUR_MS);
    const times = it.reports.map(({ atMs }) => atMs);
    const zones = [...Intl.supportedValuesOf('timeZone'), 'Antarctica/Troll', 'UTC'];
    const empty = zones.flatMap((zone) => emptyDays(zone, times, it.clock.atMs));
    expect(empty).toEqual([]);
    expect(it.alive()).toBeLessThanOrEqual(40); // about once a day
  });

  it('is one for 20 programs of an install, which start and end at any time', () => {
    const it = machine();
    for (let program = 0; program < 20; program += 1) {
      it.start();
      it.pass(7 * 60 * SECOND_MS);
    }
    const before = it.alive();
    it.pass(30 * DAY_MS);
    expect(longestGapMs(it)).toBeLessThan(22 * HOUR_MS);
    expect(before).toBeLessThanOrEqual(1);
    expect(it.alive()).toBeGreaterThanOrEqual(30);
    expect(it.alive()).toBeLessThanOrEqual(40);
    expect(it.records()).toHaveLength(1); // no lock, and no trail
  });

  it('is not at the same time for all installs that start together', () => {
    const hours = new Map<number, number>();
    const installs = 400;
    for (let install = 0; install < installs; install += 1) {
      const it = machine({ seed: 1 + install * 104_729 });
      it.start();
      it.pass(25 * HOUR_MS, 5 * 60 * SECOND_MS);
      const first = it.reports[1]?.atMs ?? 0;
      const hour = Math.floor(first / HOUR_MS);
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
    }
    expect(hours.size).toBeGreaterThanOrEqual(20);
    expect(Math.max(...hours.values())).toBeLessThan(installs * 0.12);
  });

  it('identifies no install: many have the same moments', () => {
    const steps = new Set<string>();
    for (let install = 0; install < 2_000; install += 1) {
      const it = machine({ seed: 1 + install * 104_729 });
      it.start();
      it.pass(2 * STEP_MS);
      const [record = ''] = it.records();
      steps.add(it.disk.get(record)?.split(' ').at(-1) ?? '');
    }
    expect(steps.size).toBeGreaterThan(60);
    expect(steps.size).toBeLessThanOrEqual(120);
  });

  it('goes on as before after its programs were started again', () => {
    const it = machine();
    for (let run = 0; run < 10; run += 1) {
      it.start();
      it.pass(3 * DAY_MS);
      it.stop();
      it.reboot();
    }
    expect(it.alive()).toBeLessThanOrEqual(40);
    const times = it.reports.map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(22 * HOUR_MS);
  });
});

describe('a clock', () => {
  it('that slept is caught up with in the first minute', () => {
    const it = machine();
    it.start();
    it.pass(HOUR_MS);
    const before = it.alive();
    it.sleep(3 * DAY_MS);
    it.pass(60 * SECOND_MS);
    expect(it.alive()).toBe(before + 1);
  });

  it.each([
    ['a month on', 30 * DAY_MS],
    ['a day back', -DAY_MS],
    ['ten years back', -3_650 * DAY_MS],
    ['ten years on', 3_650 * DAY_MS],
  ])('that is set %s does not silence 20 programs, and each reports at most once', (_how, byMs) => {
    const it = machine();
    for (let program = 0; program < 20; program += 1) it.start();
    it.pass(2 * DAY_MS);
    const before = it.alive();
    it.setClock(byMs);
    it.pass(11 * 60 * SECOND_MS); // by their jitter they are up to ten minutes apart
    expect(it.alive()).toBe(before + 1);
    it.pass(5 * DAY_MS);
    expect(longestGapMs(it)).toBeLessThan(22 * HOUR_MS);
    expect(it.alive() - before).toBeLessThanOrEqual(8);
  });

  it('that is set back again and again, or stands still, does not either', () => {
    const it = machine();
    it.start();
    it.start();
    for (let hour = 0; hour < 10 * 24; hour += 1) {
      it.pass(HOUR_MS);
      it.setClock(-HOUR_MS + SECOND_MS);
    }
    expect(longestGapMs(it)).toBeLessThan(22 * HOUR_MS);
    expect(it.alive()).toBeLessThanOrEqual(14);
  });

  it('that is corrected by minutes does not make it report more often', () => {
    const it = machine();
    it.start();
    for (let hour = 0; hour < 10 * 24; hour += 1) {
      it.pass(HOUR_MS);
      it.setClock(hour % 2 === 0 ? -120 * SECOND_MS : 120 * SECOND_MS);
    }
    expect(it.alive()).toBeLessThanOrEqual(13);
    expect(longestGapMs(it)).toBeLessThan(22 * HOUR_MS);
  });
});

describe('telemetry that is off', () => {
  it('has no heartbeat, touches no file, and goes on when it is on again', () => {
    const it = machine();
    let isOff = true;
    it.start({ off: () => isOff });
    it.pass(3 * DAY_MS);
    expect(it.alive()).toBe(0);
    expect(it.disk.size).toBe(0);
    isOff = false;
    it.pass(DAY_MS);
    expect(it.alive()).toBeGreaterThanOrEqual(1);
  });

  it('stops it while the process runs', () => {
    const it = machine();
    let isOff = false;
    it.start({ off: () => isOff });
    it.pass(3 * DAY_MS);
    isOff = true;
    const before = it.alive();
    it.pass(3 * DAY_MS);
    expect(it.alive()).toBe(before);
  });
});

it('needs no disk', () => {
  const it = machine();
  it.start({ hasDisk: false });
  it.pass(10 * DAY_MS);
  expect(longestGapMs(it)).toBeLessThan(22 * HOUR_MS);
  expect(it.disk.size).toBe(0);
});

it.each(['', 'x', '1 2 3', '99999999999999999999 7 a1b2c3d4 9999', '{}'])(
  'is not stopped by the record %j',
  (text) => {
    const it = machine();
    it.disk.set('/home/ada/data/acme-cli/alive.999', text);
    it.start();
    it.pass(5 * DAY_MS);
    expect(longestGapMs(it)).toBeLessThan(22 * HOUR_MS);
    expect(it.alive()).toBeLessThanOrEqual(8);
  },
);

describe('a program with Headcount', () => {
  function start(platformOptions: FakePlatformOptions = {}, options: HeadcountOptions = {}) {
    const platform = fakePlatform(platformOptions);
    const headcount = createHeadcountOn(platform, {
      project: 'acme-cli',
      version: '2.3.1',
      endpoint: 'https://stats.acme.dev',
      ...options,
    });
    const events = () =>
      [...platform.disk]
        .filter(([path]) => path.includes('/outbox/') || path.includes('/local/'))
        .flatMap(([, text]) => readSegment(text).drafts.map(({ event }) => event));
    const pass = (ms: number): void => {
      for (let passed = 0; passed < ms; passed += STEP_MS) platform.advance(STEP_MS);
    };
    return { platform, headcount, events, pass };
  }

  it('reports alive without any code but track()', () => {
    const { headcount, events, pass } = start();
    headcount.track();
    pass(3 * DAY_MS);
    expect(events().filter((event) => event === 'alive').length).toBeGreaterThanOrEqual(3);
    expect(events().filter((event) => event === 'startup')).toHaveLength(1);
  });

  it('does not with heartbeat: false', () => {
    const { headcount, events, pass } = start({}, { heartbeat: false });
    headcount.track();
    pass(3 * DAY_MS);
    expect(events()).toEqual(['startup']);
    expect(headcount.events).not.toHaveProperty('alive');
  });

  it('does not before its first report', () => {
    const { platform, pass } = start();
    pass(3 * DAY_MS);
    expect(platform.disk.size).toBe(0);
  });

  it('does not after close(), which leaves no timer', async () => {
    const { platform, headcount, events, pass } = start({
      thread: (_message, sender) => sender.message({ type: 'result', result: NOTHING_SENT }),
    });
    headcount.track();
    pass(DAY_MS);
    const before = events().length;
    await headcount.close();
    expect(platform.handles()).toBe(0);
    pass(3 * DAY_MS);
    expect(events().length).toBeLessThanOrEqual(before);
  });

  it('does not once its user has turned it off, also by a file', async () => {
    const { platform, headcount, events, pass } = start();
    headcount.track();
    pass(DAY_MS);
    platform.disk.set('/home/ada/.config/headcount/acme-cli/choice', '{"telemetry":"off"}');
    pass(3 * DAY_MS);
    await vi.waitFor(() => expect(events()).toEqual([])); // deleted, and nothing came after it
  });

  it('does not where a variable turns it off meanwhile', () => {
    const { platform, headcount, events, pass } = start();
    headcount.track();
    platform.env['DO_NOT_TRACK'] = '1';
    pass(3 * DAY_MS);
    expect(events()).toEqual(['startup']);
  });

  it.each([
    ['has said no', '{"telemetry":"off"}', {}],
    ['was not asked yet', undefined, { mode: 'opt-in' }],
    ['has a choice that nobody can read', '{', {}],
  ] as const)('begins once a user turns it on who %s', (_who, before, options) => {
    const choice = '/home/ada/.config/headcount/acme-cli/choice';
    const { platform, headcount, events, pass } = start({}, options);
    if (before !== undefined) platform.disk.set(choice, before);
    headcount.track();
    pass(3 * DAY_MS);
    expect([...platform.disk.keys()]).toEqual(before === undefined ? [] : [choice]);
    platform.disk.set(choice, '{"telemetry":"on"}');
    pass(11 * 60 * SECOND_MS);
    expect(events()).toEqual(['alive']);
    pass(3 * DAY_MS);
    expect(events().length).toBeGreaterThanOrEqual(4);
    expect(events().length).toBeLessThanOrEqual(6);
  });

  it('begins with what is allowed once a user turns it on with the level basic', () => {
    const { platform, headcount, events, pass } = start({}, { mode: 'off' });
    headcount.track();
    platform.disk.set('/home/ada/.config/headcount/acme-cli/choice', '{"telemetry":"basic"}');
    pass(11 * 60 * SECOND_MS);
    expect(events()).toEqual(['alive']);
  });

  it('does not begin where it is turned on, and the code says heartbeat: false', () => {
    const { platform, headcount, events, pass } = start({}, { mode: 'off', heartbeat: false });
    headcount.track();
    expect(platform.handles()).toBe(0);
    platform.disk.set('/home/ada/.config/headcount/acme-cli/choice', '{"telemetry":"on"}');
    pass(DAY_MS);
    expect(events()).toEqual([]);
  });

  it('leaves no timer of a program that was off and is closed', async () => {
    const { platform, headcount } = start({}, { mode: 'off' });
    headcount.track();
    expect(platform.handles()).toBe(1);
    await headcount.close();
    expect(platform.handles()).toBe(0);
  });

  it('does not take a program down in which something was removed meanwhile', () => {
    const { platform, headcount, pass } = start();
    headcount.track();
    const gone = (): never => {
      throw new TypeError('gone');
    };
    Object.assign(platform, { uniqueHex: gone, now: gone });
    Object.assign(platform.processes, { scope: gone });
    expect(() => pass(DAY_MS)).not.toThrow();
  });

  it('starts no timer while telemetry is off', () => {
    const { platform, headcount } = start({ env: { DO_NOT_TRACK: '1' } });
    headcount.track();
    expect(platform.handles()).toBe(0);
  });
});
