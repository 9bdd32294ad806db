import { beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { reportVisits, type Visit } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST = Date.parse('2026-09-07T12:00:00Z'); // a Monday

const dateOf = (day: number): string => new Date(FIRST + day * DAY_MS).toISOString().slice(0, 10);

/** Days of reports before the running one. */
const DAYS = 73; // the last complete one is a Wednesday

interface Change {
  readonly days: number;
  readonly people: number;
  readonly before: number;
  readonly change: number | null;
  readonly new: number;
  readonly came_back: number | null;
  readonly stopped: number | null;
}

interface Project {
  readonly project: string;
  readonly morning: null | {
    readonly timezone: string;
    readonly date: string;
    readonly today: number;
    readonly expected_today: { readonly low: number; readonly high: number } | null;
    readonly windows: readonly Change[];
    readonly days: readonly { readonly date: string; readonly people: number }[];
    readonly annotations: readonly { readonly date: string; readonly text: string }[];
    readonly silence: string | null;
    readonly warnings: readonly { readonly kind: string; readonly text: string }[];
  };
}

/** From this day, a Monday, everybody has version 2. */
const RELEASED = 70;

/** Whether a user comes on a day: 40 who come on weekdays, ten who come and go by weeks. */
function comes(user: number, day: number): boolean {
  if (user < 40) return day % 7 < 5 && user <= day;
  const week = Math.floor(day / 7);
  return day % 7 === 2 && week % (user - 38) === 0;
}

const USERS = Array.from({ length: 50 }, (_, user) => user);
const idOf = (user: number): string => `user${String(user).padStart(4, '0')}aaaaaaaa`;

/** On the last complete day, a tenth comes. */
const isGone = (user: number, day: number): boolean => day === DAYS - 1 && user % 10 !== 0;

const isSeen = (user: number, day: number): boolean => comes(user, day) && !isGone(user, day);

const seenIn = (from: number, to: number): ReadonlySet<number> =>
  new Set(
    USERS.filter((user) => {
      for (let day = from; day <= to; day++) if (isSeen(user, day)) return true;
      return false;
    }),
  );

describe('headcount-collector stats in the morning', () => {
  let collector: TestCollector;
  let url: string;
  let now = new Date(FIRST);
  const undo: (() => void | Promise<void>)[] = [];

  beforeAll(async () => {
    collector = await startCollector({ now: () => now }, (step) => undo.unshift(step));
    for (let day = 0; day <= DAYS; day++) {
      now = new Date(FIRST + day * DAY_MS);
      const visits = USERS.filter((user) => isSeen(user, day)).map((user): Visit => ({
        user: idOf(user),
        at: dateOf(day),
        os: user % 2 === 0 ? 'Linux' : 'Windows',
        version: day < RELEASED ? '1.0.0' : '2.0.0',
      }));
      if (day === DAYS)
        visits.push({ user: 'other0000aaaaaaaa', at: dateOf(day), project: 'other' });
      if (visits.length > 0) await reportVisits(collector, visits);
    }
    url = await collector.app.listen({ host: '127.0.0.1', port: 0 });
    return async () => {
      for (const step of undo) await step();
    };
  });

  async function stats(args: readonly string[], token = ADMIN_TOKEN): Promise<string> {
    const command = await startProcess(['stats', `--url=${url}`, ...args], {
      HEADCOUNT_ADMIN_TOKEN: token,
    });
    expect([await command.ended, command.stderr()]).toEqual([0, '']);
    return command.stdout();
  }

  async function morningOf(project: string, token?: string): Promise<Project['morning']> {
    const out = await stats(['--json', `--project=${project}`], token);
    const { projects } = JSON.parse(out) as { projects: readonly Project[] };
    return projects[0]?.morning ?? null;
  }

  it('compares complete days with the same weekdays before, and never the running one', async () => {
    const morning = await morningOf('acme-cli');
    const last = DAYS - 1;
    expect(morning).toMatchObject({ timezone: 'UTC', date: dateOf(last) });
    expect(morning?.today).toBe(seenIn(DAYS, DAYS).size);
    const [day, week, month] = morning?.windows ?? [];
    expect(day).toMatchObject({
      days: 1,
      people: seenIn(last, last).size,
      before: seenIn(last - 7, last - 7).size,
      came_back: null,
      stopped: null,
    });
    for (const [window, length] of [
      [week, 7],
      [month, 28],
    ] as const) {
      const people = seenIn(last - length + 1, last).size;
      const before = seenIn(last - 2 * length + 1, last - length).size;
      expect(window).toMatchObject({ days: length, people, before });
      expect(window?.change).toBeCloseTo(people / before - 1, 10);
      const { new: arrived = 0, came_back: back, stopped } = window ?? {};
      expect(people - before).toBe(arrived + (back ?? NaN) - (stopped ?? NaN));
    }
    expect(morning?.days).toEqual(
      Array.from({ length: 28 }, (_, at) => {
        const one = last - 27 + at;
        return { date: dateOf(one), people: seenIn(one, one).size };
      }),
    );
  });

  it('tells the day that is low, with what was expected, and what is expected today', async () => {
    const morning = await morningOf('acme-cli');
    expect(morning?.warnings).toEqual([
      { kind: 'people', text: expect.stringContaining(`${dateOf(DAYS - 1)} is low: `) as string },
    ]);
    const { low = NaN, high = NaN } = morning?.expected_today ?? {};
    expect(low).toBeLessThanOrEqual(seenIn(DAYS - 7, DAYS - 7).size);
    expect(high).toBeGreaterThanOrEqual(low);
  });

  it('tells the release of the last days', async () => {
    const date = dateOf(RELEASED);
    expect((await morningOf('acme-cli'))?.annotations).toEqual([
      { date, to: date, kind: 'release', text: '2.0.0' },
    ]);
    expect(await stats(['--project=acme-cli'])).toContain(`\n${date}  release 2.0.0\n`);
  });

  it('tells that reports come no more, first of all', async () => {
    const before = await morningOf('acme-cli');
    expect(before?.silence).toMatch(/^The last report came /);
    expect(before?.warnings.map(({ kind }) => kind)).not.toContain('silence');
    const at = now;
    now = new Date(at.getTime() + 10 * DAY_MS);
    const after = await morningOf('acme-cli');
    now = at;
    expect(after?.warnings[0]).toEqual({ kind: 'silence', text: after?.silence });
    expect(after?.silence).toContain('silence');
  });

  it('prints a table, the project in full, and what should be looked at', async () => {
    const out = await stats(['--project=acme-cli']);
    const last = DAYS - 1;
    expect(out).toMatch(/^project +people +today +7 days +28 days +change +CI /);
    expect(out).toContain(`acme-cli up to ${dateOf(last)}, UTC\n`);
    const people = seenIn(last, last).size;
    const before = seenIn(last - 7, last - 7).size;
    const percent = Math.round(100 * (people / before - 1));
    expect(out).toMatch(new RegExp(`^yesterday +${people} +${before} +−${-percent} % +0$`, 'm'));
    // As many bars as days: the highest for most people, the lowest for nobody.
    expect(out).toMatch(/^last 28 days {2}[▁▂▃▄▅▆▇█]{28} {2}0 to 4\d a day$/m);
    expect(out).toMatch(/^today so far {2}\d+ people; \d+ to \d+ are expected$/m);
    expect(out).toMatch(new RegExp(`^! acme-cli: ${dateOf(last)} is low: ${people} people; `, 'm'));
  });

  it('lists several projects in lines, each with its warnings, and none in full', async () => {
    const out = await stats([]);
    const lines = out.split('\n');
    expect(lines[1]).toMatch(/^acme-cli .*[−+±]\d+ % .*[▁▂▃▄▅▆▇█]{14} /);
    expect(lines[2]).toMatch(/^other +1 +1 +1 +1 +new /);
    expect(out).not.toContain('up to');
    expect(out).toMatch(/^! acme-cli: /m);
  });

  it('shows the public the totals alone', async () => {
    expect(await morningOf('acme-cli', '')).toBeNull();
    const out = await stats(['--project=acme-cli'], '');
    expect(out).toContain('not shown');
    expect(out).not.toContain('yesterday');
  });
});
