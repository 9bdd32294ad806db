import { describe, expect, it } from 'vitest';
import { type ConditionName, CONDITIONS } from '../../src/health/conditions.js';
import { createConditionTracker } from '../../src/health/condition-tracker.js';
import { examineBackups } from '../../src/health/examine-backups.js';
import { examineCounting, examineErasure } from '../../src/health/examine-counting.js';
import { examineNotices } from '../../src/health/examine-notices.js';
import { examineHost, type ExaminedHost } from '../../src/health/examine-host.js';
import { createProbes, type ProbedParts } from '../../src/health/probes.js';
import type { JobState } from '../../src/jobs/job.js';
import { until } from '../support/until.js';

const NOW = new Date('2026-11-22T21:00:00Z');
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

const counting = { behindSince: null, failure: null, isAlive: true };
const full = Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
const breaks = (): never => {
  throw Object.assign(new Error('secret'), { code: 'SQLITE_IOERR' });
};

describe('a part that is asked', () => {
  const well = { probe: () => Promise.resolve() };
  const parts: ProbedParts = {
    journal: well,
    store: well,
    probeData: () => Promise.resolve(),
    roomBytes: () => Promise.resolve(0),
  };

  it.each<[string, Partial<ProbedParts>]>([
    ['journal', { journal: { probe: () => Promise.reject(new Error('gone')) } }],
    ['store', { store: { probe: breaks } }],
    ['data', { probeData: breaks }],
  ])('is failing when it does not work, and no other: %s', async (name, other) => {
    const probes = createProbes({ ...parts, ...other });
    for (const [one, ask] of Object.entries({ ...probes })) {
      const { reason } = await ask();
      expect([one, reason !== undefined]).toEqual([one, one === name]);
      expect(reason ?? '').not.toContain('secret');
    }
  });

  it('that was on a full disk is failing until there is some room, though small writes succeed', async () => {
    let [room, isFull] = [0, true];
    const probeData = (): Promise<void> => (isFull ? Promise.reject(full) : Promise.resolve());
    const roomBytes = () => Promise.resolve(room);
    const { data } = createProbes({ ...parts, probeData, roomBytes });
    expect((await data()).reason).toContain('SQLITE_FULL');
    isFull = false;
    expect((await data()).reason).toContain('SQLITE_FULL');
    room = 1024 ** 2;
    expect((await data()).reason).toBeUndefined();
    room = 0;
    expect((await data()).reason).toBeUndefined();
  });

  it('is failing while it does not answer, and is not asked again meanwhile', async () => {
    let asked = 0;
    let answer = (): void => undefined;
    const probe = async (): Promise<void> => {
      asked += 1;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
    };
    const { store } = createProbes({ ...parts, store: { probe } }, 20);
    for (let n = 0; n < 3; n++) {
      expect(await store()).toMatchObject({ reason: 'The store has not answered within 20 ms.' });
    }
    expect(asked).toBe(1);
    await until('it answers again', async () => {
      answer();
      const again = store();
      answer();
      return (await again).reason === undefined;
    });
  });
});

describe('counting', () => {
  it('is fine while reports wait for a moment, and failing later', () => {
    const behindSince = NOW;
    expect(examineCounting({ ...counting, behindSince }, later(60))).toEqual({ value: 60 });
    expect(examineCounting({ ...counting, behindSince }, later(61))).toMatchObject({
      value: 61,
      reason: 'Reports wait to be counted since 2026-11-22T21:00:00.000Z.',
    });
  });

  it('is failing when it has ended, or cannot write', () => {
    expect(examineCounting({ ...counting, isAlive: false }, NOW).reason).toContain('has ended');
    const failure = { since: NOW, error: full };
    expect(examineCounting({ ...counting, failure }, later(1)).reason).toContain('disk is full');
  });

  it('has not done an erasure after 24 hours only if one is kept and waits so long', () => {
    const behind = { ...counting, behindSince: NOW };
    // The first was done before; it is dated when it was asked for, and then written.
    const erasures = () => [
      { deletedAt: NOW.getTime() - 60_000 },
      { deletedAt: NOW.getTime() + 5000 },
    ];
    expect(examineErasure(behind, erasures, later(86_405)).reason).toBeUndefined();
    expect(examineErasure(behind, erasures, later(86_406)).reason).toMatch(/21:00:05.000Z: 1\./);
    expect(examineErasure(counting, erasures, later(99_999)).reason).toBeUndefined();
    expect(examineErasure(behind, () => [], later(99_999)).reason).toBeUndefined();
  });
});

describe('messages', () => {
  const trouble = { name: 'hooks.example', since: NOW, reason: 'it answered 503', isLost: false };

  it('are a warning once a receiver has taken none for more than a minute', () => {
    expect(examineNotices([], NOW)).toEqual({ value: 0 });
    expect(examineNotices([trouble], later(60))).toEqual({ value: 60 });
    const { reason, causes, ...told } = examineNotices([trouble], later(61));
    expect(told).toEqual({ value: 61, since: NOW });
    expect(causes?.map(({ code }) => code)).toEqual(['message_waits']);
    expect(reason).toMatch(/hooks\.example has not taken a message.*it answered 503/);
  });

  it('are a warning at once if one is lost', () => {
    expect(examineNotices([{ ...trouble, isLost: true }], NOW).reason).toContain('lost');
  });
});

describe('backups', () => {
  const job: JobState = {
    ...{ name: 'backup', everyMs: 3_600_000, succeededAt: null, failedAt: null },
    ...{ tookMs: null, result: null, error: null, share: 0 },
  };
  const known = { away: [], incomplete: [], last: [] };
  const at = (hours: number) => ({ now: later(hours * 3600), startedAt: NOW });

  it('are overdue if the first one hangs, or never begins', () => {
    expect(examineBackups([job], known, at(2)).finding.reason).toBeUndefined();
    const { reason } = examineBackups([job], known, at(2.1)).finding;
    expect(reason).toContain('none has ended');
    const never = examineBackups([{ ...job, share: null }], known, at(2.1));
    expect(never.finding.reason).toContain('none has begun');
  });
});

describe('the host', () => {
  const MIB = 1024 ** 2;
  const healthy: ExaminedHost = {
    processors: { percent: 80, overMs: 60_000 },
    memory: {
      ...{ totalBytes: 2048 * MIB, availableBytes: 512 * MIB },
      ...{ usedPercent: 90, isLimited: true },
    },
    disk: { totalBytes: 1, availableBytes: 1, usedPercent: 90, fullInMs: 24 * 3_600_000 },
  };
  const beyond: ExaminedHost = {
    processors: { percent: 80.1, overMs: 60_000 },
    memory: { ...healthy.memory, availableBytes: 512 * MIB - 1, usedPercent: 90.1 },
    disk: { totalBytes: 1, availableBytes: 1, usedPercent: 90.1, fullInMs: 24 * 3_600_000 - 1 },
  };
  const wrong = (host: ExaminedHost, active: readonly ConditionName[] = []) =>
    Object.entries(examineHost(host, (name) => active.includes(name)))
      .filter(([, { reason }]) => reason !== undefined)
      .map(([name]) => name);
  const all: ConditionName[] = ['cpu', 'memory', 'memory_free', 'disk', 'disk_full_soon'];

  it('is well at each threshold, and not beyond it', () => {
    expect(wrong(healthy)).toEqual([]);
    expect(wrong(beyond)).toEqual(all);
  });

  it('stays unwell at its threshold until it is a little beyond, so that nothing flaps', () => {
    expect(wrong(healthy, all)).toEqual(all);
    expect(
      wrong(
        {
          processors: { percent: 75, overMs: 60_000 },
          memory: { ...healthy.memory, availableBytes: 528 * MIB, usedPercent: 89 },
          disk: {
            ...beyond.disk,
            totalBytes: 1,
            availableBytes: 1,
            usedPercent: 89,
            fullInMs: null,
          },
        },
        all,
      ),
    ).toEqual([]);
  });

  it('is not called busy for a short peak, and not for what is unknown', () => {
    expect(wrong({ ...healthy, processors: { percent: 100, overMs: 15_000 } })).toEqual([]);
    expect(wrong({ ...healthy, processors: undefined, disk: undefined })).toEqual([]);
  });
});

describe('a condition', () => {
  function start() {
    const lines: [string, Record<string, unknown>, string][] = [];
    const line =
      (level: string) =>
      (fields: object, message: string): void =>
        void lines.push([level, fields as Record<string, unknown>, message]);
    const changes: string[] = [];
    const tracker = createConditionTracker({
      logger: { error: line('error'), warn: line('warn'), info: line('info') } as never,
      startedAt: NOW,
      onChange: ({ condition, before }) =>
        void changes.push(`${condition.name} ${before} ${condition.state}`),
    });
    return { tracker, lines, changes };
  }

  it.each(Object.entries(CONDITIONS).map(([name, { severity }]) => [name, severity] as const))(
    'is told when it begins and when it ends, once each: %s',
    (name, severity) => {
      const { tracker, lines, changes } = start();
      const wrong = severity === 'critical' ? 'failing' : 'warning';
      const level = severity === 'critical' ? 'error' : 'warn';
      tracker.update({}, NOW);
      for (const at of [1, 2, 3]) tracker.update({ [name]: { reason: `since ${at}` } }, later(at));
      for (const at of [4, 5]) tracker.update({ [name]: { value: 0 } }, later(at));
      expect(changes).toEqual([`${name} ok ${wrong}`, `${name} ${wrong} ok`]);
      expect(lines).toMatchObject([
        [
          level,
          {
            ...{ condition: name, state: wrong, since: later(1).toISOString() },
            hint: expect.stringContaining(`troubleshooting.md#${name}`) as string,
          },
          'since 1',
        ],
        [
          'info',
          { condition: name, state: 'ok', since: later(4).toISOString() },
          `${name} is well again`,
        ],
      ]);
    },
  );

  it('keeps since when it is wrong, with the newest reason and value', () => {
    const { tracker } = start();
    tracker.update({ disk: { reason: '91 %', value: 91 } }, later(1));
    const now = tracker.update({ disk: { reason: '95 %', value: 95 } }, later(2));
    expect(now.find(({ name }) => name === 'disk')).toMatchObject({
      ...{ severity: 'warning', state: 'warning', value: 95, unit: 'percent', threshold: 90 },
      ...{ reason: '95 %', since: later(1).toISOString() },
    });
  });

  it('is as old as what is known of it', () => {
    const { tracker } = start();
    const now = tracker.update({ silence: { reason: 'silent', since: NOW } }, later(500));
    expect(now.find(({ name }) => name === 'silence')?.since).toBe(NOW.toISOString());
  });
});
