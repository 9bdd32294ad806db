import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Job } from '../../src/jobs/job.js';
import { openJobRecords } from '../../src/jobs/job-records.js';
import { type JobRunner, startJobs } from '../../src/jobs/job-runner.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A runner by a clock that only moves by hand. */
function setUp(path = join(temporaryFolder(), 'jobs.json'), at = Date.UTC(2026, 10, 22)) {
  const clock = { at, isTrusted: true, isLeader: true };
  const log: unknown[] = [];
  const note = (...line: unknown[]): void => void log.push(line);
  const start = (...jobs: Job[]): JobRunner => {
    const runner = startJobs({
      jobs,
      records: openJobRecords(path),
      now: () => new Date(clock.at),
      mayBegin: () => clock.isTrusted,
      isLeader: () => clock.isLeader,
      logger: { info: note, warn: note, error: note },
      checkEveryMs: 5,
    });
    onTestFinished(() => runner.close());
    return runner;
  };
  return { path, clock, log, start };
}

/** A job that counts its runs. */
function counting(name = 'count', everyMs = DAY_MS): { job: Job; runs: () => number } {
  let runs = 0;
  const run = () => Promise.resolve({ runs: ++runs });
  return { job: { name, everyMs, run }, runs: () => runs };
}

describe('a job', () => {
  it('on what nodes share runs on the one that leads, and others run on each', async () => {
    const { clock, start } = setUp();
    clock.isLeader = false;
    const [shared, own] = [counting('shared'), counting('own')];
    start({ ...shared.job, isShared: true }, own.job);
    await until('its own has run', () => own.runs() === 1);
    expect(shared.runs()).toBe(0);
    clock.isLeader = true;
    await until('the other has run', () => shared.runs() === 1);
  });

  it('runs when it never ran, and again when its time has passed, not before', async () => {
    const { clock, start } = setUp();
    const { job, runs } = counting();
    const beat = counting('beat', 1);
    const runner = start(job, beat.job);
    await until('it ran', () => runs() === 1);
    for (const [hours, expected] of [
      [23, 1],
      [24, 2],
      [47, 2],
      [50, 3],
    ] as const) {
      clock.at = Date.UTC(2026, 10, 22) + hours * HOUR_MS;
      const beats = beat.runs();
      // The beat is due at every move of the clock, and comes after the job.
      await until('the runner has looked', () => beat.runs() > beats && runs() >= expected);
      expect([hours, runs()]).toEqual([hours, expected]);
      expect(runner.states()[0]).toMatchObject({ result: { runs: expected }, error: null });
    }
  });

  it('keeps its last run across a restart, and survives a damaged record', async () => {
    const { path, clock, start } = setUp();
    const first = counting();
    const runner = start(first.job);
    await until('it ran', () => runner.states()[0]?.succeededAt === clock.at);
    await runner.close();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      jobs: { count: { succeeded_at: clock.at, result: { runs: 1 }, error: null } },
    });

    clock.at += DAY_MS - 1;
    const second = counting();
    const beat = counting('beat', 1);
    const again = start(second.job, beat.job);
    expect(again.states()[0]).toMatchObject({ result: { runs: 1 } });
    await until('the runner has looked', () => beat.runs() > 0);
    expect(second.runs()).toBe(0);
    clock.at += 1;
    await until('it ran again', () => second.runs() === 1);
    await again.close();

    writeFileSync(path, '{"version":1,"jobs":{"count":{}}}');
    const third = counting();
    start(third.job);
    await until('it ran as if it never had', () => third.runs() === 1);
  });

  it('that fails says why, is tried again within an hour, and keeps its last success', async () => {
    const { clock, start, log } = setUp();
    let fails = false;
    const job: Job = {
      name: 'sometimes',
      everyMs: DAY_MS,
      run: () => (fails ? Promise.reject(new Error('no room')) : Promise.resolve({ ok: true })),
    };
    const runner = start(job);
    await until('it ran', () => runner.states()[0]?.result !== null);
    const succeededAt = clock.at;
    fails = true;
    clock.at += DAY_MS;
    await until('it failed', () => runner.states()[0]?.failedAt === clock.at);
    expect(runner.states()[0]).toMatchObject({
      error: 'no room',
      succeededAt,
      result: { ok: true },
    });
    expect(log).toContainEqual([expect.objectContaining({ job: 'sometimes' }), 'job failed']);
    fails = false;
    clock.at += HOUR_MS;
    await until('it ran again', () => {
      const [state] = runner.states();
      return state?.succeededAt === clock.at && state.share === null;
    });
    expect(runner.states()[0]).toMatchObject({ failedAt: null, error: null });
    fails = true;
    await expect(runner.runNow('sometimes')).rejects.toThrow('no room');
  });

  it('runs alone, in slices that say how far it is, and on demand', async () => {
    const { start } = setUp();
    let inside = 0;
    let most = 0;
    const shares: Record<string, unknown[]> = { one: [], two: [] };
    const sliced = (name: string): Job => ({
      name,
      everyMs: DAY_MS,
      run: async ({ pause, sliceMs }) => {
        expect(sliceMs).toBeLessThanOrEqual(50);
        most = Math.max(most, ++inside);
        for (let n = 1; n <= 10; n++) {
          await pause(n / 10);
          shares[name]?.push(runner.states().find((state) => state.name === name)?.share);
        }
        inside--;
        return { name };
      },
    });
    const runner = start(sliced('one'), sliced('two'));
    const results = Promise.all([runner.runNow('one'), runner.runNow('one'), runner.runNow('two')]);
    const [one, same, two] = await results;
    expect([one?.result, two?.result]).toEqual([{ name: 'one' }, { name: 'two' }]);
    expect(same).toBe(one);
    expect(most).toBe(1);
    const tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    expect(shares).toEqual({ one: tenths, two: tenths });
    expect(runner.states().map(({ share }) => share)).toEqual([null, null]);
  });

  it('stops at its next pause when the collector closes, and is due again', async () => {
    const { path, clock, start } = setUp();
    const endless: Job = {
      name: 'endless',
      everyMs: DAY_MS,
      run: async ({ pause }) => {
        for (;;) await pause(0.1);
      },
    };
    const runner = start(endless);
    await until('it runs', () => runner.states()[0]?.share === 0.1);
    await runner.close();
    const { job, runs } = counting('endless');
    const again = start(job);
    expect(again.states()[0]).toMatchObject({ succeededAt: null, failedAt: null });
    await until(
      'it ran, and that is written down',
      () => openJobRecords(path).all.get('endless')?.succeeded_at === clock.at,
    );
    expect(runs()).toBe(1);
  });

  it('does not begin by a clock that has jumped', async () => {
    const { clock, start } = setUp();
    const { job, runs } = counting();
    const runsAtLooks: number[] = [];
    Object.defineProperty(clock, 'isTrusted', {
      // The first three times it is not.
      get: () => runsAtLooks.push(runs()) > 3,
    });
    start(job);
    await until('it ran', () => runs() === 1);
    expect(runsAtLooks.slice(0, 4)).toEqual([0, 0, 0, 0]);
  });

  it('runs again when the clock was set back to long before its last run', async () => {
    const { clock, start } = setUp();
    const { job, runs } = counting();
    start(job);
    await until('it ran', () => runs() === 1);
    clock.at -= 400 * DAY_MS;
    await until('it ran again', () => runs() === 2);
  });
});
