import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { CleaningStep } from '../../src/rules/cleaning.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import { USER_DIMENSIONS } from '../../src/rules/dimensions.js';
import {
  MAX_DIMENSION_VALUES,
  MAX_DIMENSIONS,
  MAX_PROJECT_VALUES,
  MAX_VALUES_WITH_CI,
  REMEMBERED_DAYS,
  TOMBSTONE_DAYS,
} from '../../src/rules/limits.js';
import type {
  ExportCursor,
  ExportName,
  ExportPage,
  ExportRow,
} from '../../src/store/export-rows.js';
import type { Summary } from '../../src/store/questions.js';
import type { Deletion, DropSlice, Store } from '../../src/store/store.js';
import { agesContract } from './ages-contract.js';
import { annotatedContract } from './annotated-contract.js';
import { growthContract } from './growth-contract.js';
import { countedReport as report, noon, TODAY, uidOf } from '../support/counted-report.js';

const WEEK = { firstDay: TODAY - 6, lastDay: TODAY };

/** What every store must do, whatever it keeps its counts in. */
export function storeContract(open: () => Store | Promise<Store>): void {
  let store: Store;
  let position: number;

  beforeEach(async () => {
    store = await open();
    position = 0;
    onTestFinished(async () => {
      await store.reader.close();
      await store.writer.close();
    });
  });

  const apply = async (...reports: CountedReport[]): Promise<void> => {
    const after = position;
    position += reports.length;
    const batch = { journalId: 'j', after, upTo: position, appliedAt: noon(TODAY) };
    await store.writer.apply({ ...batch, reports, deletions: [] });
  };
  const erase = async (...deletions: Deletion[]): Promise<void> => {
    const after = position;
    position += deletions.length;
    const batch = { journalId: 'j', after, upTo: position, appliedAt: noon(TODAY) };
    await store.writer.apply({ ...batch, reports: [], deletions });
  };
  const cleanBy = async (step: CleaningStep): Promise<void> => {
    const after = position++;
    const batch = { journalId: 'j', after, upTo: position, appliedAt: noon(TODAY) };
    await store.writer.apply({ ...batch, reports: [], deletions: [], cleanings: [step] });
    while (await store.writer.hasWork()) await store.writer.work();
  };
  const deletion = (user: string, deletedAt = noon(TODAY), project = 'acme'): Deletion => ({
    project,
    uid: uidOf(user),
    ownerHash: null,
    deletedAt,
  });
  const ask = async (project: string | null = 'acme', day = TODAY): Promise<Summary> =>
    store.reader.summary({ project, day });

  describe('what happened when', () => annotatedContract(() => store, apply, erase, cleanBy));
  describe('growth', () => growthContract(() => store, apply, erase));
  describe('ages of people', () => agesContract(() => store, apply, erase));

  describe('a summary', () => {
    it('names as many values as are asked for, those with most people, and counts the rest as other', async () => {
      const versions = ['1.0.0', '1.0.0', '1.0.0', '2.0.0', '2.0.0', '3.0.0', '4.0.0'];
      await apply(...versions.map((version, n) => report({ user: `user-${n}`, version })));
      const asked = { project: 'acme', day: TODAY };
      expect((await store.reader.summary({ ...asked, mostValues: 2 })).version).toEqual([
        { value: '1.0.0', users: 3 },
        { value: '2.0.0', users: 2 },
        { value: 'other', users: 2 },
      ]);
      expect((await store.reader.summary({ ...asked, mostValues: 4 })).version).toHaveLength(4);
    });
  });

  describe('counting', () => {
    it('knows nobody at first', async () => {
      expect(await ask(null)).toEqual({
        totalUsers: 0,
        dailyActiveUsers: 0,
        weeklyActiveUsers: 0,
        monthlyActiveUsers: 0,
        certainUsers: 0,
        likelyUsers: 0,
        ephemeralUsers: 0,
        ciUsers: 0,
        totalReports: 0,
        lostReports: 0,
        lostReportsCut: 0,
        os: [],
        version: [],
        changedAt: null,
      });
      expect(await store.reader.recent({ project: null, limit: 5 })).toEqual([]);
      expect(await store.reader.quality({ project: null })).toEqual({});
    });

    it('counts a user once and each of the reports', async () => {
      await apply(report(), report());
      await apply(report(), report({ user: 'bob', os: 'Darwin' }));
      expect(await ask()).toEqual({
        totalUsers: 2,
        dailyActiveUsers: 2,
        weeklyActiveUsers: 2,
        monthlyActiveUsers: 2,
        certainUsers: 2,
        likelyUsers: 0,
        ephemeralUsers: 0,
        ciUsers: 0,
        totalReports: 4,
        lostReports: 0,
        lostReportsCut: 0,
        os: [
          { value: 'Darwin', users: 1 },
          { value: 'Linux', users: 1 },
        ],
        version: [{ value: '1.0.0', users: 2 }],
        changedAt: noon(TODAY),
      });
    });

    it('keeps projects apart and adds them up on demand', async () => {
      await apply(
        report(),
        report({ project: 'other' }),
        report({ project: 'other', user: 'bob' }),
      );
      expect((await ask('acme')).totalUsers).toBe(1);
      expect((await ask('other')).totalUsers).toBe(2);
      expect((await ask(null)).totalUsers).toBe(3);
      expect((await ask('nobody')).totalUsers).toBe(0);
    });

    it('tells today, the last seven days and all of time apart', async () => {
      await apply(
        report({ user: 'today' }),
        report({ user: 'six days ago', day: TODAY - 6 }),
        report({ user: 'seven days ago', day: TODAY - 7 }),
      );
      expect(await ask()).toMatchObject({
        totalUsers: 3,
        dailyActiveUsers: 1,
        weeklyActiveUsers: 2,
      });
    });

    it.each([1, 6, 7, 57, 58, 62, 63])('looks back on a day %i days ago', async (days) => {
      await apply(report({ day: TODAY - days }), report());
      const then = await ask('acme', TODAY - days);
      expect(then).toMatchObject({ dailyActiveUsers: 1, weeklyActiveUsers: 1 });
      expect(await ask('acme', TODAY - days - 1)).toMatchObject({ weeklyActiveUsers: 0 });
    });

    it('looks back as far as there are counts', async () => {
      await apply(report({ day: TODAY - 500 }));
      await apply(report({ day: TODAY - 64 }), report());
      expect(await ask('acme', TODAY - 500)).toMatchObject({ dailyActiveUsers: 1 });
      expect(await ask('acme', TODAY - 64)).toMatchObject({ dailyActiveUsers: 1 });
      expect(await ask('acme', TODAY + 100)).toMatchObject({ weeklyActiveUsers: 0, totalUsers: 1 });
    });

    it('lets a late report set its day and leave what newer ones said', async () => {
      await apply(report({ version: '2.0.0', os: 'Darwin' }));
      await apply(report({ day: TODAY - 3, version: '1.0.0', os: 'Linux' }));
      expect(await ask()).toMatchObject({
        dailyActiveUsers: 1,
        os: [{ value: 'Darwin', users: 1 }],
        version: [{ value: '2.0.0', users: 1 }],
      });
      expect(await ask('acme', TODAY - 3)).toMatchObject({ dailyActiveUsers: 1 });
      expect(await ask('acme', TODAY - 2)).toMatchObject({ dailyActiveUsers: 0 });
      const [user] = await store.reader.recent({ project: 'acme', limit: 1 });
      expect(user).toMatchObject({ firstSeen: noon(TODAY - 3), lastSeen: noon(TODAY), reports: 2 });
    });

    it('takes system and version from the newest report', async () => {
      await apply(report({ day: TODAY - 1 }));
      await apply(report({ version: '2.0.0', os: 'Darwin' }));
      expect(await ask()).toMatchObject({
        os: [{ value: 'Darwin', users: 1 }],
        version: [{ value: '2.0.0', users: 1 }],
      });
    });

    it('counts build farms apart, and a person who also ran there as a person', async () => {
      await apply(report({ user: 'farm', ci: true, os: 'CI' }), report({ user: 'ada', ci: true }));
      await apply(report({ user: 'ada' }), report({ user: 'ada', ci: true }));
      expect(await ask()).toMatchObject({
        totalUsers: 1,
        dailyActiveUsers: 1,
        weeklyActiveUsers: 1,
        ciUsers: 1,
        totalReports: 4,
        os: [{ value: 'Linux', users: 1 }],
      });
      expect(await store.reader.recent({ project: null, limit: 5 })).toHaveLength(1);
    });

    it('answers questions together as it does each alone', async () => {
      await apply(report(), report({ user: 'bob', day: TODAY - 1, lostTotal: 2 }));
      const days = { project: 'acme', from: TODAY - 1, to: TODAY };
      const questions = {
        summary: { project: 'acme', day: TODAY },
        gaps: { ...days, ci: false },
        peopleWindows: { project: 'acme', ci: false, windows: [WEEK] },
        valueGaps: { ...days, dimension: 'os' },
        valueWindows: { project: 'acme', dimension: 'os', windows: [WEEK] },
        reportWindows: { project: 'acme', dimension: 'event', windows: [WEEK] },
        reports: { ...days, ci: false },
        reportValues: { ...days, dimension: 'event' },
        dimensions: { project: null },
        fullPlaces: { project: null },
        retention: { ...days, interval: 'day' as const },
        quality: days,
      };
      const { reader } = store;
      expect(await reader.together(questions)).toEqual({
        summary: await reader.summary(questions.summary),
        gaps: await reader.gaps(questions.gaps),
        peopleWindows: await reader.peopleWindows(questions.peopleWindows),
        valueGaps: await reader.valueGaps(questions.valueGaps),
        valueWindows: await reader.valueWindows(questions.valueWindows),
        reportWindows: await reader.reportWindows(questions.reportWindows),
        reports: await reader.reports(questions.reports),
        reportValues: await reader.reportValues(questions.reportValues),
        dimensions: await reader.dimensions(questions.dimensions),
        fullPlaces: await reader.fullPlaces(questions.fullPlaces),
        retention: await reader.retention(questions.retention),
        quality: await reader.quality(questions.quality),
      });
      expect(await reader.together({ reports: questions.reports })).toEqual({
        reports: [
          { day: TODAY - 1, n: 1 },
          { day: TODAY, n: 1 },
        ],
      });
    });

    it('counts a person once in each window by the values of its days, and each report', async () => {
      const before = { day: TODAY - 1, version: '1.0.0' };
      await apply(report(before), report({ version: '2.0.0' }), report({ version: '2.0.0' }));
      await apply(report({ ...before, user: 'bob' }), report({ ...before, day: TODAY - 2 }));
      const day = (firstDay: number) => ({ firstDay, lastDay: firstDay });
      const windows = [day(TODAY - 2), day(TODAY - 1), day(TODAY), WEEK, day(TODAY - 9)];
      const { reader } = store;
      const people = { project: 'acme', dimension: 'version', windows };
      expect(await reader.valueWindows(people)).toEqual([
        { value: '1.0.0', counts: [1, 2, 0, 2, 0] },
        { value: '2.0.0', counts: [0, 0, 1, 1, 0] },
      ]);
      const reports = { project: 'acme', dimension: 'event', windows };
      expect(await reader.reportWindows(reports)).toEqual([
        { value: 'startup', counts: [1, 2, 2, 5, 0] },
      ]);
      expect(await reader.valueWindows({ ...people, windows: [day(TODAY - 9)] })).toEqual([]);
    });

    it('counts people in each window once, and those who came in it', async () => {
      await apply(report({ day: TODAY - 3 }), report({ day: TODAY - 1 }), report());
      await apply(report({ user: 'bob' }), report({ user: 'eve', project: 'other' }));
      await apply(report({ user: 'farm', ci: true }));
      const day = (firstDay: number) => ({ firstDay, lastDay: firstDay });
      const windows = [day(TODAY - 3), day(TODAY), WEEK, day(TODAY - 9)];
      const { reader } = store;
      const people = { project: 'acme', ci: false, windows };
      expect(await reader.peopleWindows(people)).toEqual({
        active: [1, 2, 2, 0],
        firsts: [1, 1, 2, 0],
      });
      expect(await reader.peopleWindows({ ...people, project: null })).toEqual({
        active: [1, 3, 3, 0],
        firsts: [1, 2, 3, 0],
      });
      expect(await reader.peopleWindows({ ...people, ci: true })).toEqual({
        active: [0, 1, 1, 0],
        firsts: [0, 1, 1, 0],
      });
      expect(await reader.peopleWindows({ ...people, project: 'nobody' })).toEqual({
        active: [0, 0, 0, 0],
        firsts: [0, 0, 0, 0],
      });
    });

    it('adds up values of the same name over projects', async () => {
      await apply(report(), report({ project: 'other' }));
      expect(
        await store.reader.valueWindows({ project: null, dimension: 'os', windows: [WEEK] }),
      ).toEqual([{ value: 'Linux', counts: [2] }]);
      expect((await ask(null)).os).toEqual([{ value: 'Linux', users: 2 }]);
    });

    it('takes so many dimensions of a project, and leaves the further ones out', async () => {
      const build = (from: number, to: number, changes: Parameters<typeof report>[0] = {}) => {
        const names = Array.from({ length: to - from }, (_, n) => `f${from + n}`);
        const fields = Object.fromEntries(names.map((name) => [name, 'yes']));
        return report({ event: 'build', fields, ...changes });
      };
      const days = { from: TODAY, to: TODAY };
      const figures = async (project: string | null, name: string) => {
        const question = { ...days, project, dimension: `field:build.${name}` };
        return (await store.reader.reportValues(question)).map(({ value, n }) => [value, n]);
      };
      const own = USER_DIMENSIONS.length + 1;
      const last = MAX_DIMENSIONS - own - 1;
      for (let from = 0; from <= last - 1; from += 20) {
        await apply(build(from, Math.min(from + 20, last)));
      }
      expect(await store.reader.dimensions({ project: 'acme' })).toHaveLength(MAX_DIMENSIONS - 1);

      // The last one, and two too many: once by themselves, once with one that is known.
      await apply(build(last, last + 3));
      await apply(build(last + 1, last + 3), build(last, last + 2, { user: 'bob', os: 'Plan 9' }));
      const dimensions = await store.reader.dimensions({ project: 'acme' });
      expect(dimensions).toHaveLength(MAX_DIMENSIONS);
      expect(dimensions).toEqual(expect.arrayContaining([...USER_DIMENSIONS, 'event']));
      expect(await figures('acme', `f${last}`)).toEqual([['yes', 2]]);
      expect(await figures('acme', `f${last + 1}`)).toEqual([]);
      expect(await figures('acme', `f${last + 2}`)).toEqual([]);

      // New values of those that are known, and the reports and people themselves, are not bounded by it.
      await apply(report({ event: 'build', fields: { f0: 'no' } }));
      expect(await figures('acme', 'f0')).toEqual([
        ['no', 1],
        ['yes', 1],
      ]);
      expect((await ask()).os).toContainEqual({ value: 'Plan 9', users: 1 });
      const events = await store.reader.reportValues({
        ...days,
        project: 'acme',
        dimension: 'event',
      });
      expect(events).toEqual([{ day: TODAY, value: 'build', n: position }]);

      // Neither are those of another project.
      await apply(build(last + 1, last + 2, { project: 'other' }));
      expect(await figures('other', `f${last + 1}`)).toEqual([['yes', 1]]);
      expect(await figures(null, `f${last + 1}`)).toEqual([['yes', 1]]);
    });

    it('counts values beyond the limit of a project as other', async () => {
      const reports = Array.from({ length: MAX_DIMENSION_VALUES + 2 }, (_, n) =>
        report({ user: `u${n}`, version: `${n}.0.0` }),
      );
      await apply(...reports);
      await apply(report({ user: 'again', version: '0.0.0' }));
      const { version } = await ask();
      expect(version).toHaveLength(MAX_DIMENSION_VALUES + 1);
      expect(version.slice(0, 2)).toEqual([
        { value: '0.0.0', users: 2 },
        { value: 'other', users: 2 },
      ]);
      await apply(report({ project: 'fresh', version: 'new' }));
      expect((await ask('fresh')).version).toEqual([{ value: 'new', users: 1 }]);
    });

    it('leaves half of the room for values to people, however many build farms bring along', async () => {
      const reports = (who: string, count: number, changes: Partial<CountedReport> = {}) =>
        Array.from({ length: count }, (_, n) =>
          report({ user: `${who}${n}`, version: `${who}-${n}`, ...changes }),
        );
      const named = async (project = 'acme'): Promise<number> =>
        (await ask(project)).version.filter(({ value }) => value !== 'other').length;
      const ci = { ci: true };
      await apply(...reports('ci', MAX_DIMENSION_VALUES, ci));
      expect(await ask()).toMatchObject({ totalUsers: 0, ciUsers: MAX_DIMENSION_VALUES });
      // One of the places is that of `other`.
      const left = MAX_DIMENSION_VALUES - MAX_VALUES_WITH_CI - 1;
      await apply(...reports('p', left));
      expect(await named()).toBe(left);
      await apply(report({ user: 'late', version: 'late' }), report({ user: 'l', version: 'p-1' }));
      expect(await named()).toBe(left);
      expect((await ask()).version).toContainEqual({ value: 'p-1', users: 2 });

      const more = MAX_VALUES_WITH_CI + 10;
      await apply(...reports('p', more, { project: 'mine' }));
      await apply(
        ...reports('ci', 20, { ...ci, project: 'mine' }),
        report({ ...ci, project: 'mine', user: 'known', version: 'p-2' }),
      );
      await apply(...reports('q', MAX_DIMENSION_VALUES - more - 1, { project: 'mine' }));
      expect(await named('mine')).toBe(MAX_DIMENSION_VALUES - 1);
      // Whoever is a person has a person's values, wherever they are reported from.
      await apply(report({ project: 'few' }), ...reports('ci', more, { ...ci, project: 'few' }));
      const day = TODAY + 1;
      await apply(report({ ...ci, project: 'few', day, version: 'ours' }));
      expect((await ask('few')).version).toEqual([{ value: 'ours', users: 1 }]);
      // A build farm that turns out to be a person keeps what it had.
      await apply(report({ project: 'few', user: 'ci0', version: 'ci-0' }));
      await apply(report({ ...ci, project: 'few', user: 'last', version: 'ci-last' }));
      await apply(report({ project: 'few', user: 'last', version: 'new' }));
      const history = async (user: string) =>
        (await store.reader.user({ project: 'few', uid: uidOf(user) })).counted?.history;
      expect(await history('ci0')).toMatchObject([{ values: { version: 'ci-0' } }]);
      expect(await history('last')).toMatchObject([{ values: { version: 'other' } }]);
    });

    it('takes new values of people, and none of fields, for a project that is full', async () => {
      const names = Array.from(
        { length: MAX_PROJECT_VALUES / MAX_DIMENSION_VALUES },
        (_, n) => `f${n}`,
      );
      const fields = (n: number) => Object.fromEntries(names.map((name) => [name, `v${n}`]));
      const build = { event: 'build', day: TODAY - 1 };
      await apply(
        ...Array.from({ length: MAX_DIMENSION_VALUES }, (_, n) =>
          report({ ...build, fields: fields(n) }),
        ),
      );
      const late = {
        event: 'build',
        version: '9.0.0',
        fields: { f0: 'v1', f1: 'v1', late: 'new' },
      };
      await apply(report({ ...late, user: 'bob' }), report({ ...late, project: 'fresh' }));
      const valuesOf = async (project: string, name: string) => {
        const question = { project, dimension: `field:build.${name}`, from: TODAY, to: TODAY };
        return (await store.reader.reportValues(question)).map(({ value }) => value);
      };
      expect(await valuesOf('acme', 'f0')).toEqual(['v1']);
      expect(await valuesOf('acme', 'late')).toEqual(['other']);
      expect(await valuesOf('fresh', 'late')).toEqual(['new']);
      expect((await ask()).version).toContainEqual({ value: '9.0.0', users: 1 });
    });
  });

  describe('counting exactly once', () => {
    it('counts a report that comes twice once, within a batch and across batches', async () => {
      const twice = report();
      await apply(twice, twice);
      await apply(twice, { ...twice, uid: uidOf('bob') });
      expect(await ask()).toMatchObject({ totalReports: 1, totalUsers: 1 });
      expect(await store.reader.quality({ project: 'acme' })).toEqual({
        accepted: 1,
        duplicates: 3,
      });
    });

    it('counts every report without a key, and its user once', async () => {
      await apply(report({ reportKey: null }), report({ reportKey: null }));
      expect(await ask()).toMatchObject({ totalReports: 2, totalUsers: 1 });
    });

    it('remembers keys for as long as promised, and no longer', async () => {
      const reportKey = randomBytes(16);
      await apply(report({ reportKey, receivedDay: TODAY - REMEMBERED_DAYS }));
      await apply(report({ reportKey }));
      expect(await ask()).toMatchObject({ totalReports: 1 });
      await apply(report({ receivedDay: TODAY + 1 }));
      await apply(report({ reportKey, receivedDay: TODAY + 1 }));
      expect(await ask()).toMatchObject({ totalReports: 3 });
    });

    it('moves the position along with the counts', async () => {
      expect(await store.writer.position('j')).toBe(0);
      await apply(report(), report());
      expect(await store.writer.position('j')).toBe(2);
      expect(await store.writer.position('another')).toBe(0);
    });

    it('changes nothing for a batch that it has counted already, wholly or in part', async () => {
      const reports = [report({ reportKey: null }), report({ reportKey: null })];
      const batch = {
        journalId: 'j',
        after: 0,
        upTo: 2,
        reports,
        deletions: [],
        appliedAt: noon(TODAY),
      };
      await store.writer.apply(batch);
      await store.writer.apply(batch);
      await store.writer.apply({ ...batch, after: 1, upTo: 3 });
      expect(await ask()).toMatchObject({ totalReports: 2 });
      await store.writer.apply({ ...batch, journalId: 'another' });
      expect(await ask()).toMatchObject({ totalReports: 4, totalUsers: 1 });
    });
  });

  describe('forgetting', () => {
    const userOf = (user: string, project = 'acme') =>
      store.reader.user({ project, uid: uidOf(user) });
    const nobody = { deletedAt: null, counted: null };

    it('tells all it keeps of a user, and nothing of others', async () => {
      await apply(
        report({ day: TODAY - 70 }),
        report({ day: TODAY - 63, idSource: null, idPersisted: null }),
        report({ day: TODAY - 1, os: 'Darwin', version: '2.0.0', lostTotal: 3 }),
        report({ day: TODAY, lostTotal: 2 }),
        report({ user: 'bob', ci: true, idSource: 'time', idPersisted: false }),
      );
      const values = {
        os: 'Linux',
        version: '1.0.0',
        certainty: 'certain',
        os_version: 'unknown',
        arch: 'x64',
        runtime: 'unknown',
        runtime_version: 'unknown',
        container: 'unknown',
        wsl: 'unknown',
        agent: 'unknown',
        channel: 'unknown',
        level: 'unknown',
        country: 'unknown',
      };
      expect(await userOf('ada')).toEqual({
        deletedAt: null,
        counted: {
          firstSeen: noon(TODAY - 70),
          lastSeen: noon(TODAY),
          firstDay: TODAY - 70,
          lastDay: TODAY,
          days: [TODAY - 70, TODAY - 63, TODAY - 1, TODAY],
          reports: 4,
          lost: 3,
          dimensions: { os: 'Linux', version: '1.0.0' },
          history: [
            { lastDay: TODAY - 70, values },
            { lastDay: TODAY - 63, values: { ...values, certainty: 'likely' } },
            { lastDay: TODAY - 1, values: { ...values, os: 'Darwin', version: '2.0.0' } },
            { lastDay: TODAY, values },
          ],
          said: [
            {
              dimension: 'event',
              value: 'startup',
              days: [TODAY - 70, TODAY - 63, TODAY - 1, TODAY],
            },
          ],
          ci: false,
          idSource: 'machine',
          idPersisted: true,
          ownerHash: null,
        },
      });
      expect((await userOf('bob')).counted).toMatchObject({
        reports: 1,
        ci: true,
        idSource: 'time',
        idPersisted: false,
      });
      expect(await userOf('ada', 'other')).toEqual(nobody);
      expect(await userOf('nobody')).toEqual(nobody);
    });

    it('counts as if the user had never been, in that project only', async () => {
      await apply(report({ user: 'bob', day: TODAY - 1, os: 'Darwin' }));
      const before = await ask();
      await apply(report(), report({ day: TODAY - 3 }), report({ project: 'other' }));
      await erase(deletion('ada'));
      // Counts of reports stay, in all as by day: they identify nobody.
      expect(await ask()).toEqual({ ...before, totalReports: before.totalReports + 2 });
      const byDay = await store.reader.reports({ project: 'acme', ci: false, from: 0, to: TODAY });
      expect(byDay.reduce((sum, { n }) => sum + n, 0)).toBe(before.totalReports + 2);
      expect(await userOf('ada')).toEqual({ deletedAt: noon(TODAY), counted: null });
      const recent = await store.reader.recent({ project: null, limit: 9 });
      expect(recent).toHaveLength(2);
      expect((await ask('other')).totalUsers).toBe(1);
      expect(await store.reader.quality({ project: 'acme' })).toEqual({ accepted: 3 });
    });

    it('counts the reports of a batch before it erases', async () => {
      const batch = { journalId: 'j', after: 0, upTo: 2, appliedAt: noon(TODAY) };
      await store.writer.apply({ ...batch, reports: [report()], deletions: [deletion('ada')] });
      expect(await ask()).toMatchObject({ totalUsers: 0, totalReports: 1 });
      await store.writer.apply({ ...batch, reports: [report()], deletions: [] });
      expect(await store.writer.position('j')).toBe(2);
      expect(await store.reader.quality({ project: 'acme' })).toEqual({ accepted: 1 });
    });

    it('lets no report bring a user back that was made before, and every one made after', async () => {
      const early = report({ day: TODAY - 2 });
      await apply(early);
      await erase(deletion('ada', noon(TODAY)));
      await apply(early, report({ day: TODAY - 1 }), report({ madeAt: noon(TODAY), day: TODAY }));
      expect(await ask()).toMatchObject({ totalUsers: 0, totalReports: 1 });
      expect(await store.reader.quality({ project: 'acme' })).toEqual({
        accepted: 1,
        duplicates: 1,
        forgotten: 2,
      });
      await apply(report({ madeAt: noon(TODAY) + 1 }));
      expect((await userOf('ada')).counted).toMatchObject({ days: [TODAY], reports: 1 });
      await apply(report({ day: TODAY - 1 }));
      expect((await userOf('ada')).counted).toMatchObject({ reports: 1 });
    });

    it('remembers the latest deletion of a user', async () => {
      await erase(deletion('ada', noon(TODAY)), deletion('ada', noon(TODAY - 1)));
      expect(await userOf('ada')).toEqual({ deletedAt: noon(TODAY), counted: null });
    });

    it('leaves the same tombstone for someone unknown, and no project', async () => {
      await erase(deletion('ada', noon(TODAY), 'unheard of'));
      await apply(report({ project: 'unheard of' }));
      expect(await ask('unheard of')).toMatchObject({ totalUsers: 0 });
      expect(await store.reader.quality({ project: 'unheard of' })).toEqual({ forgotten: 1 });
    });

    it('keeps a tombstone for as long as promised, and no longer', async () => {
      await erase(deletion('ada', noon(TODAY - TOMBSTONE_DAYS)));
      const old = { day: TODAY, madeAt: noon(TODAY - TOMBSTONE_DAYS - 1) };
      await apply(report(old));
      expect(await userOf('ada')).toEqual({
        deletedAt: noon(TODAY - TOMBSTONE_DAYS),
        counted: null,
      });
      await apply(report({ user: 'bob', receivedDay: TODAY + 1 }));
      expect(await userOf('ada')).toEqual(nobody);
      await apply(report({ ...old, receivedDay: TODAY + 1 }));
      expect((await userOf('ada')).counted).toMatchObject({ reports: 1 });
    });
  });

  describe('places for values', () => {
    const build = (n: number, changes: Parameters<typeof report>[0] = {}) =>
      report({
        ...{ user: `u${n}`, version: `v${String(n).padStart(4, '0')}` },
        ...{ event: 'build', fields: { name: `v${String(n).padStart(4, '0')}` } },
        ...changes,
      });
    const many = (from: number, to: number, changes: Parameters<typeof report>[0] = {}) =>
      Array.from({ length: to - from }, (_, n) => build(from + n, changes));
    const FULL = MAX_DIMENSION_VALUES * 0.8;
    const versions = async (project = 'acme') =>
      new Map((await ask(project)).version.map(({ value, users }) => [value, users]));
    const fields = async () => {
      const question = { project: 'acme', from: TODAY - 99, to: TODAY + 99 };
      const rows = await store.reader.reportValues({ ...question, dimension: 'field:build.name' });
      const sums = new Map<string, number>();
      for (const { value, n } of rows) sums.set(value, (sums.get(value) ?? 0) + n);
      return sums;
    };
    const tomorrow = { user: 'last', day: TODAY + 1, receivedDay: TODAY + 1 };

    it('are given up by rare values when a day closes, and by none before', async () => {
      await apply(...many(0, FULL + 10));
      expect(await versions()).toHaveLength(FULL + 10);
      await apply(report({ ...tomorrow, version: 'v0500' }));
      const named = await versions();
      // Those with one person each, first by name; 'other' has one of the places.
      expect(named).toHaveLength(FULL);
      expect(named.get('other')).toBe(11);
      expect([named.has('v0010'), named.has('v0011')]).toEqual([false, true]);
      expect((await fields()).get('other')).toBe(11);
    });

    it('stay with all where a dimension is not over 80 % full', async () => {
      await apply(...many(0, FULL));
      await apply(report({ ...tomorrow, version: 'v0000' }));
      expect((await versions()).has('other')).toBe(false);
    });

    it('stay with values of three people, and with three reports in a field', async () => {
      const three = [0, 1, 2].flatMap((n) =>
        many(0, 20, { user: `p${n}` }).map((one, at) => ({ ...one, uid: uidOf(`p${n} ${at}`) })),
      );
      await apply(...three, ...many(20, FULL + 5));
      await apply(report({ ...tomorrow, version: 'v0001' }));
      const named = await versions();
      expect(named.get('v0000')).toBe(3);
      expect(named.has('v0020')).toBe(false);
      expect((await fields()).get('v0000')).toBe(3);
    });

    it('are given up by what was in use 31 days ago and not since', async () => {
      const three = [0, 1, 2].map((n) => build(0, { user: `p${n}` }));
      const month = { day: TODAY + 30, receivedDay: TODAY + 30 };
      await apply(...three, ...many(1, 700));
      await apply(...many(700, FULL + 20, month));
      await apply(report({ ...month, user: 'late', day: TODAY + 31, receivedDay: TODAY + 31 }));
      expect((await versions()).get('v0000')).toBe(3);
      const next = { ...month, day: TODAY + 32, receivedDay: TODAY + 32 };
      await apply(
        ...many(FULL + 20, FULL + 60, { ...next, day: TODAY + 31, receivedDay: TODAY + 31 }),
      );
      await apply(report({ ...next, user: 'later' }));
      expect((await versions()).has('v0000')).toBe(false);
    });

    it('count a person once who had two values that are now other', async () => {
      await apply(build(0, { user: 'ada' }), build(1, { user: 'bob' }));
      const yesterday = { day: TODAY - 1 };
      await apply(build(2, { user: 'ada', ...yesterday }), build(3, { user: 'bob', ...yesterday }));
      await apply(...many(4, FULL + 10));
      await apply(report({ ...tomorrow, version: 'v0400' }));
      const question = { project: 'acme', from: TODAY - 1, to: TODAY };
      const rows = await store.reader.valueGaps({ ...question, dimension: 'version' });
      const others = rows.filter(({ value, gap }) => value === 'other' && gap === 1);
      expect(others).toEqual([{ day: TODAY, value: 'other', gap: 1, n: 2 }]);
      const { counted } = await store.reader.user({ project: 'acme', uid: uidOf('ada') });
      expect(counted?.history).toMatchObject([{ lastDay: TODAY, values: { version: 'other' } }]);
      expect(counted?.dimensions.version).toBe('other');
    });

    it('come again to a value that gave its own up, with nothing of its history', async () => {
      await apply(...many(0, FULL + 10));
      await apply(report({ ...tomorrow, user: 'u0', version: 'v0000' }));
      const named = await versions();
      expect([named.get('v0000'), named.get('other')]).toEqual([1, 10]);
      await erase(deletion('u0', noon(TODAY + 1)), deletion('u1', noon(TODAY + 1)));
      const after = await versions();
      expect([after.get('v0000'), after.get('other')]).toEqual([undefined, 9]);
    });

    it('are given up by values of build farms alone, and by projects one by one', async () => {
      const ci = { ci: true };
      await apply(
        ...many(0, 400, ci),
        ...many(400, FULL + 5),
        ...many(0, FULL + 5, { project: 'b' }),
      );
      await apply(report({ ...tomorrow, version: 'v0500' }));
      const [mine, theirs] = [await versions(), await versions('b')];
      expect([mine.has('other'), mine.has('v0400')]).toEqual([false, true]);
      expect(theirs).toHaveLength(FULL + 5);
    });

    it('are given up by rare dimensions, with all of their values', async () => {
      const names = Array.from({ length: MAX_DIMENSIONS }, (_, n) => `f${n}`);
      const of = (from: number, to: number) =>
        Object.fromEntries(names.slice(from, to).map((name) => [name, 'yes']));
      for (let from = 0; from < MAX_DIMENSIONS; from += 50) {
        await apply(report({ event: 'build', fields: of(from, from + 50) }));
      }
      for (const user of ['b', 'c'])
        await apply(report({ user, event: 'build', fields: of(0, 9) }));
      const dimensions = await store.reader.dimensions({ project: 'acme' });
      expect(dimensions).toHaveLength(MAX_DIMENSIONS);
      await apply(report({ ...tomorrow, event: 'build', fields: { late: 'yes' } }));
      const left = await store.reader.dimensions({ project: 'acme' });
      expect(left).toHaveLength(MAX_DIMENSIONS * 0.8 + 1);
      expect(left).toEqual(expect.arrayContaining(['field:build.f0', 'field:build.late', 'os']));
      expect(left).not.toContain('field:build.f100');
    });

    it('tell when they are over 80 % taken', async () => {
      await apply(...many(0, FULL));
      expect(await store.reader.fullPlaces({ project: 'acme' })).toEqual([]);
      await apply(build(FULL));
      const full = { project: 'acme', of: 'dimension_values', used: FULL + 1 };
      const both = [
        { ...full, dimension: 'field:build.name', limit: MAX_DIMENSION_VALUES },
        { ...full, dimension: 'version', limit: MAX_DIMENSION_VALUES },
      ];
      expect(await store.reader.fullPlaces({ project: 'acme' })).toEqual(both);
      expect(await store.reader.fullPlaces({ project: null })).toEqual(both);
      expect(await store.reader.fullPlaces({ project: 'other' })).toEqual([]);
    });

    it('tell what they are taken by, and who is known', async () => {
      await apply(build(1), report({ project: 'other', version: '9.9.9' }));
      const values = await store.reader.values({ project: 'acme' });
      expect(values).toEqual(
        expect.arrayContaining([
          { dimension: 'version', value: 'v0001' },
          { dimension: 'event', value: 'build' },
          { dimension: 'field:build.name', value: 'v0001' },
        ]),
      );
      expect(values).toHaveLength(USER_DIMENSIONS.length + 2);
      expect(await store.reader.values({ project: 'nobody' })).toEqual([]);
      const users = [
        { project: 'acme', uid: uidOf('u1') },
        { project: 'other', uid: uidOf('u1') },
        { project: 'other', uid: uidOf('ada') },
        { project: 'nobody', uid: uidOf('ada') },
      ];
      expect(await store.reader.areKnown({ users })).toEqual([true, false, true, false]);
      expect(await store.reader.areKnown({ users: [] })).toEqual([]);
    });
  });

  describe('an overview', () => {
    const overview = async (mostProjects: number, days: Record<string, number> = {}) =>
      store.reader.overview({ day: TODAY, days, mostProjects });

    it('has the figures of each project as its summary has them, most people first', async () => {
      for (const [project, users] of Object.entries({ few: 1, many: 4, some: 2, two: 2 })) {
        for (let n = 0; n < users; n++) {
          for (const back of [0, n, 7 * n, 30]) {
            const day = TODAY - back;
            await apply(report({ project, user: `u${n}`, day, at: noon(day), lostTotal: n }));
          }
        }
        await apply(report({ project, user: 'robot', ci: true }));
      }
      const found = await overview(10);
      expect(found.map(({ project }) => project)).toEqual(['many', 'some', 'two', 'few']);
      expect(await store.reader.projects()).toEqual(['few', 'many', 'some', 'two']);
      for (const { project, newUsers, places, ...figures } of found) {
        expect(await ask(project)).toMatchObject(figures);
        expect(newUsers).toBe(0);
        expect(places.dimensions).toBe(USER_DIMENSIONS.length + 1);
      }
    });

    it('has the day of each project, and the people whose first day it is', async () => {
      const tomorrow = TODAY + 1;
      await apply(
        report({ project: 'west', user: 'a' }),
        report({ project: 'east', user: 'a' }),
        report({ project: 'east', user: 'b', day: tomorrow, at: noon(tomorrow) }),
        report({ project: 'east', user: 'a', day: tomorrow, at: noon(tomorrow) }),
        // Objects have a member of this name.
        report({ project: 'constructor', user: 'a', day: TODAY - 6, at: noon(TODAY - 6) }),
      );
      const found = await overview(10, { east: tomorrow });
      const figures = found.map((one) => [
        ...[one.project, one.newUsers, one.dailyActiveUsers],
        ...[one.weeklyActiveUsers, one.monthlyActiveUsers],
      ]);
      expect(figures).toEqual([
        ['east', 1, 2, 2, 2],
        ['constructor', 0, 0, 1, 1],
        ['west', 1, 1, 1, 1],
      ]);
    });

    it('adds up the projects beyond so many, and keeps the fullest of their places', async () => {
      const fields = (n: number) => ({ event: 'build', fields: { size: `s${n}`, name: 'x' } });
      const of = (project: string, users: number) =>
        Array.from({ length: users }, (_, n) =>
          report({ project, user: `u${n}`, version: `1.${n}.0`, ...fields(n) }),
        );
      await apply(...of('a', 5), ...of('b', 3), ...of('c', 2), ...of('d', 1));
      expect(await overview(4)).toHaveLength(4);
      const [first, second, rest, ...others] = await overview(2);
      expect([first?.project, second?.project, others]).toEqual(['a', 'b', []]);
      expect(rest).toMatchObject({
        ...{ project: null, totalUsers: 3, newUsers: 3, totalReports: 3, monthlyActiveUsers: 3 },
        places: { dimensions: USER_DIMENSIONS.length + 3, ofDimension: { version: 2, field: 2 } },
      });
      const [all] = await overview(0);
      expect(all).toMatchObject({
        project: null,
        totalUsers: 11,
        places: { dimensions: USER_DIMENSIONS.length + 3 },
      });
      expect(all?.places.ofDimension).toMatchObject({ version: 5, field: 5, event: 1, os: 1 });
      expect(first?.places.values).toBe((await store.reader.values({ project: 'a' })).length);
    });

    it('is empty at first', async () => {
      expect(await overview(5)).toEqual([]);
    });
  });

  describe('lost reports', () => {
    it('are believed as far as the reports that arrived make them plausible', async () => {
      const million = { lostTotal: 1_000_000 };
      await apply(report({ user: 'one', ...million }), report({ user: 'two', lostTotal: 100 }));
      expect(await ask()).toMatchObject({ lostReports: 200, lostReportsCut: 999_900 });
      await apply(...Array.from({ length: 19 }, () => report({ user: 'one' })));
      expect(await ask()).toMatchObject({ lostReports: 300, lostReportsCut: 999_800 });
      await erase(deletion('one'));
      expect(await ask()).toMatchObject({ lostReports: 100, lostReportsCut: 0 });
    });
  });

  describe('owners', () => {
    const [first, second] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
    const ownerOf = async (user = 'ada', project = 'acme') => {
      const question = { project, uid: uidOf(user) };
      const { counted } = await store.reader.user(question);
      const hash = counted?.ownerHash;
      expect(await store.reader.owner(question)).toEqual(hash ?? null);
      return hash === null || hash === undefined ? hash : Buffer.from(hash);
    };
    const later = { madeAt: noon(TODAY) + 1 };

    it('are the first that a report names, within a batch and over batches', async () => {
      await apply(report(), report({ ownerHash: first }), report({ ownerHash: second }));
      expect(await ownerOf()).toEqual(first);
      await apply(report({ ownerHash: second, day: TODAY - 1 }), report());
      expect(await ownerOf()).toEqual(first);
      expect(await ask()).toMatchObject({ totalUsers: 1, totalReports: 5 });
    });

    it('are those of what came first, whenever it was made', async () => {
      await apply(report({ ownerHash: first }), report({ ownerHash: second, day: TODAY - 9 }));
      await apply(report({ user: 'bob', ownerHash: second, day: TODAY - 9 }));
      await apply(report({ user: 'bob', ownerHash: first }));
      expect(await ownerOf()).toEqual(first);
      expect(await ownerOf('bob')).toEqual(second);
    });

    it('are nobody until a report names one, and differ between projects', async () => {
      await apply(report(), report({ project: 'other', ownerHash: first }));
      expect(await ownerOf()).toBeNull();
      expect(await ownerOf('ada', 'other')).toEqual(first);
      expect(await ownerOf('nobody')).toBeUndefined();
      await apply(report({ ownerHash: second }));
      expect(await ownerOf()).toEqual(second);
    });

    it('are not those of reports that do not count', async () => {
      const twice = report();
      await apply(twice, { ...twice, ownerHash: first });
      await apply({ ...twice, ownerHash: first });
      expect(await ownerOf()).toBeNull();
      await erase(deletion('ada'));
      await apply(report({ ownerHash: first }));
      expect(await ownerOf()).toBeUndefined();
      expect(await store.reader.quality({ project: 'acme' })).toMatchObject({ forgotten: 1 });
    });

    it('go with their user, and the ID is free for the next', async () => {
      await apply(report({ ownerHash: first }));
      await erase({ ...deletion('ada'), ownerHash: first });
      expect(await ownerOf()).toBeUndefined();
      await apply(report({ ...later, ownerHash: second }), report({ ...later, ownerHash: first }));
      expect(await ownerOf()).toEqual(second);
    });

    it('delete what is theirs, and nothing of another who owns the ID by now', async () => {
      await apply(report({ ownerHash: second }), report({ user: 'bob' }));
      const before = await ask();
      await erase(
        { ...deletion('ada'), ownerHash: first },
        { ...deletion('bob'), ownerHash: first },
        // Nobody is there: what comes late must not bring the owner back.
        { ...deletion('gone'), ownerHash: first },
      );
      expect(await ask()).toEqual(before);
      await apply(report(), report({ user: 'bob' }), report({ user: 'gone', ownerHash: first }));
      expect(await ask()).toMatchObject({ totalUsers: 2, totalReports: 4 });
      expect(await ownerOf('gone')).toBeUndefined();
      await erase({ ...deletion('ada'), ownerHash: second });
      expect(await ownerOf()).toBeUndefined();
    });

    it('are asked for nothing by the administrator', async () => {
      await apply(report({ ownerHash: first }), report({ user: 'bob' }));
      await erase(deletion('ada'), deletion('bob'));
      expect(await ask()).toMatchObject({ totalUsers: 0, totalReports: 2 });
    });

    it('are counted once, however often a batch comes', async () => {
      const place = { journalId: 'j', after: 0, upTo: 1, appliedAt: noon(TODAY), deletions: [] };
      await store.writer.apply({ ...place, reports: [report({ ownerHash: first })] });
      await store.writer.apply({ ...place, reports: [report({ ownerHash: second })] });
      expect(await ownerOf()).toEqual(first);
      expect(await ask()).toMatchObject({ totalReports: 1 });
    });
  });

  const exported = async (what: ExportName, project: string | null) => {
    const rows: ExportRow[] = [];
    let after: ExportCursor | null = null;
    do {
      const page: ExportPage = await store.reader.exportPage({
        what,
        project,
        after,
        limit: 1,
      });
      rows.push(...page.rows);
      after = page.next;
    } while (after !== null);
    return rows;
  };
  const dateOf = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10);

  describe('exporting', () => {
    it('gives every user, day and number of reports, in an order that stays', async () => {
      await apply(
        report({ version: '=1+1' }),
        report({ user: 'bob', day: TODAY - 1 }),
        report({ day: TODAY - 2, version: '1.0.0' }),
        report({ user: 'farm', ci: true, project: 'other' }),
      );
      const day = dateOf;
      expect(await exported('users', 'acme')).toMatchObject([
        { project: 'acme', version: '=1+1', first_day: day(TODAY - 2), last_day: day(TODAY) },
        { uid: uidOf('bob').toString('hex'), reports: 1, ci: false, id_source: 'machine' },
      ]);
      expect(await exported('days', 'acme')).toMatchObject([
        { date: day(TODAY - 2), version: '1.0.0', arch: 'x64', container: 'unknown' },
        { date: day(TODAY), version: '=1+1' },
        { date: day(TODAY - 1) },
      ]);
      expect(await exported('users', null)).toHaveLength(3);
      expect(await exported('users', 'nobody')).toEqual([]);
      expect(await exported('reports', null)).toEqual([
        { project: 'acme', date: day(TODAY - 2), ci: false, reports: 1 },
        { project: 'acme', date: day(TODAY - 1), ci: false, reports: 1 },
        { project: 'acme', date: day(TODAY), ci: false, reports: 1 },
        { project: 'other', date: day(TODAY), ci: true, reports: 1 },
      ]);
    });

    it('gives what each user said on which days, until the user is deleted', async () => {
      const build = { event: 'build', fields: { bundler: 'vite', warm: true } };
      await apply(
        report({ ...build, day: TODAY - 3 }),
        report(build),
        report({ event: 'build', fields: { bundler: 'webpack' } }),
        report({ user: 'bob', day: TODAY - 1 }),
        // Nobody said this.
        report({ ...build, user: 'farm', ci: true }),
      );
      const of = (name: string, dimension: string, value: string, ...days: number[]) =>
        days.map((day) => ({
          ...{ project: 'acme', uid: uidOf(name).toString('hex'), date: dateOf(day) },
          ...{ dimension, value },
        }));
      const bobs = of('bob', 'event', 'startup', TODAY - 1);
      expect(await exported('events', 'acme')).toEqual([
        ...of('ada', 'event', 'build', TODAY - 3, TODAY),
        ...of('ada', 'field:build.bundler', 'vite', TODAY - 3, TODAY),
        ...of('ada', 'field:build.bundler', 'webpack', TODAY),
        ...of('ada', 'field:build.warm', 'true', TODAY - 3, TODAY),
        ...bobs,
      ]);
      expect(await exported('events', 'nobody')).toEqual([]);
      await erase(deletion('ada'));
      expect(await exported('events', null)).toEqual(bobs);
    });
  });

  describe('dropping what is old', () => {
    const drop = async (what: DropSlice['what'], days: number, isDry = false): Promise<number> => {
      let rows = 0;
      let after: DropSlice['after'] = null;
      do {
        const slice = { what, days, today: TODAY, after, limitMs: 0, isDry };
        const dropped = await store.writer.drop(slice);
        rows += dropped.rows;
        after = dropped.next;
      } while (after !== null);
      return rows;
    };
    const userOf = async (user: string) =>
      (await store.reader.user({ project: 'acme', uid: uidOf(user) })).counted;
    const days = { project: 'acme', from: TODAY - 500, to: TODAY };

    it('leaves a user without the days before, and every answer about them as it was', async () => {
      await apply(
        report({ day: TODAY - 100, version: '1.0.0' }),
        report({ day: TODAY - 90, version: '2.0.0' }),
        report({ day: TODAY - 89, version: '2.0.0' }),
        report({ day: TODAY, version: '3.0.0' }),
        report({ user: 'gone', day: TODAY - 90 }),
      );
      const answers = async () => [
        await ask(),
        await ask('acme', TODAY - 89),
        await store.reader.gaps({ ...days, ci: false }),
        await store.reader.valueGaps({ ...days, dimension: 'version' }),
        await store.reader.retention({ ...days, interval: 'month' }),
        await store.reader.reports({ ...days, ci: false }),
        await store.reader.recent({ project: null, limit: 9 }),
      ];
      const before = await answers();
      expect(await drop('activity', 90, true)).toBe(2);
      expect((await userOf('ada'))?.days).toHaveLength(4);
      expect(await drop('activity', 90)).toBe(2);
      expect(await answers()).toEqual(before);
      expect(await userOf('ada')).toMatchObject({
        firstDay: TODAY - 100,
        lastDay: TODAY,
        days: [TODAY - 89, TODAY],
        reports: 4,
      });
      expect((await userOf('ada'))?.history.map(({ lastDay }) => lastDay)).toEqual([
        TODAY - 89,
        TODAY,
      ]);
      expect(await userOf('gone')).toMatchObject({
        firstDay: TODAY - 90,
        lastDay: TODAY - 90,
        days: [],
        history: [],
        dimensions: { os: 'Linux', version: '1.0.0' },
      });
      expect(await drop('activity', 90)).toBe(0);
    });

    it('leaves a user without what was said on the days before, and people by it as they were', async () => {
      const build = { event: 'build', fields: { bundler: 'vite' } };
      await apply(
        report({ ...build, day: TODAY - 300 }),
        report({ ...build, day: TODAY - 90 }),
        report({ ...build, day: TODAY - 89 }),
        report(),
        report({ ...build, user: 'gone', day: TODAY - 90 }),
      );
      const answers = async () =>
        Promise.all(
          ['event', 'field:build.bundler'].map(async (dimension) =>
            store.reader.valueGaps({ ...days, dimension }),
          ),
        );
      const before = await answers();
      await drop('activity', 90);
      expect(await answers()).toEqual(before);
      expect((await userOf('ada'))?.said).toEqual([
        { dimension: 'event', value: 'build', days: [TODAY - 89] },
        { dimension: 'event', value: 'startup', days: [TODAY] },
        { dimension: 'field:build.bundler', value: 'vite', days: [TODAY - 89] },
      ]);
      expect((await userOf('gone'))?.said).toEqual([]);
      expect(await exported('events', null)).toHaveLength(3);
    });

    it('knows a person who comes back after their days were dropped', async () => {
      await apply(report({ day: TODAY - 100 }));
      await drop('activity', 66);
      await apply(report());
      expect(await ask()).toMatchObject({ totalUsers: 1, totalReports: 2 });
      expect(await store.reader.gaps({ ...days, ci: false })).toEqual([
        { day: TODAY - 100, gap: 0, n: 1 },
        { day: TODAY, gap: 400, n: 1 },
      ]);
    });

    it('lets a deletion take the days that are kept, and leaves those that are not', async () => {
      await apply(report({ day: TODAY - 100 }), report({ day: TODAY - 99 }), report());
      await drop('activity', 90);
      await erase(deletion('ada'));
      expect(await ask()).toMatchObject({ totalUsers: 0, dailyActiveUsers: 0, version: [] });
      expect(await ask('acme', TODAY - 99)).toMatchObject({
        dailyActiveUsers: 1,
        weeklyActiveUsers: 1,
      });
      expect(await userOf('ada')).toBeNull();
    });

    it('takes users out of the totals of people whose last day is older, and of no day', async () => {
      await apply(
        report({ day: TODAY - 800, lostTotal: 2 }),
        report({ user: 'bob', day: TODAY - 10 }),
        report({ user: 'farm', ci: true, day: TODAY - 800 }),
      );
      const gaps = await store.reader.gaps({ ...days, from: TODAY - 900, ci: false });
      expect(await drop('users', 700, true)).toBe(2);
      expect(await drop('users', 700)).toBe(2);
      expect(await ask()).toMatchObject({
        totalUsers: 1,
        ciUsers: 0,
        totalReports: 3,
        lostReports: 2,
        version: [{ value: '1.0.0', users: 1 }],
      });
      expect(await userOf('ada')).toBeNull();
      expect(await store.reader.recent({ project: null, limit: 9 })).toHaveLength(1);
      expect(await store.reader.gaps({ ...days, from: TODAY - 900, ci: false })).toEqual(gaps);
      await apply(report());
      expect(await ask()).toMatchObject({ totalUsers: 2, totalReports: 4 });
    });

    it('drops counts of days, cohorts as a whole, and no total', async () => {
      const fields = { bundler: 'vite' };
      await apply(
        report({ day: TODAY - 123, event: 'build', fields }),
        report({ user: 'bob', day: TODAY - 90 }),
        report({ user: 'bob', day: TODAY }),
        report({ day: TODAY }),
      );
      await drop('rollups', 95);
      expect(await store.reader.gaps({ ...days, ci: false })).toEqual([
        { day: TODAY - 90, gap: 0, n: 1 },
        { day: TODAY, gap: 90, n: 1 },
        { day: TODAY, gap: 123, n: 1 },
      ]);
      expect(await store.reader.retention({ ...days, interval: 'day' })).toEqual([
        { cohort: TODAY - 90, period: TODAY - 90, n: 1 },
        { cohort: TODAY - 90, period: TODAY, n: 1 },
      ]);
      expect(
        await store.reader.reportValues({ ...days, dimension: 'field:build.bundler' }),
      ).toEqual([]);
      expect(await store.reader.reports({ ...days, ci: false })).toHaveLength(3);
      expect(await ask()).toMatchObject({ totalUsers: 2, totalReports: 4 });
    });

    it('drops counts of quality by the day of receipt', async () => {
      await apply(report({ receivedDay: TODAY - 50 }), report());
      expect(await drop('quality', 50, true)).toBe(1);
      expect(await drop('quality', 50)).toBe(1);
      expect(await store.reader.quality({ project: null })).toEqual({ accepted: 1 });
    });

    it('keeps keys and tombstones for whole days, also where no report comes any more', async () => {
      const old = report({ receivedDay: TODAY - 36 });
      const kept = report({ receivedDay: TODAY - 35 });
      await apply(old);
      await erase(deletion('bob', noon(TODAY - 36)), deletion('eve', noon(TODAY - 35)));
      await apply(kept);
      expect(await drop('keys', 35, true)).toBe(1);
      expect(await drop('keys', 35)).toBe(1);
      expect(await drop('tombstones', 35)).toBe(1);
      await apply({ ...old, receivedDay: TODAY - 35 }, { ...kept, receivedDay: TODAY - 35 });
      expect(await store.reader.quality({ project: null })).toEqual({ accepted: 3, duplicates: 1 });
      const tombstoneOf = async (user: string) =>
        (await store.reader.user({ project: 'acme', uid: uidOf(user) })).deletedAt;
      expect(await tombstoneOf('bob')).toBeNull();
      expect(await tombstoneOf('eve')).toBe(noon(TODAY - 35));
    });

    it('notes for how long things were kept, and forgets no shorter time', async () => {
      expect(await store.reader.keptSpans()).toEqual([]);
      const run = (days: number, today: number) =>
        store.writer.drop({
          ...{ what: 'activity', days, today, after: null, limitMs: 0, isDry: false },
        });
      for (const day of [0, 1, 2]) await run(400, TODAY + day);
      await run(90, TODAY + 2);
      await run(400, TODAY + 2);
      await run(400, TODAY + 3);
      await run(400, TODAY + 9);
      expect(await store.reader.keptSpans()).toEqual([
        { what: 'activity', firstRun: TODAY, lastRun: TODAY + 2, days: 400 },
        { what: 'activity', firstRun: TODAY + 2, lastRun: TODAY + 2, days: 90 },
        { what: 'activity', firstRun: TODAY + 3, lastRun: TODAY + 9, days: 400 },
      ]);
    });
  });

  describe('answering', () => {
    it('gives the users seen last, newest first, up to the limit', async () => {
      await apply(
        report({ user: 'old', day: TODAY - 2 }),
        report({ user: 'new', project: 'other', os: 'Darwin', version: '3.0.0' }),
        report({ user: 'middle', day: TODAY - 1 }),
      );
      const recent = await store.reader.recent({ project: null, limit: 2 });
      expect(recent.map(({ uid }) => Buffer.from(uid))).toEqual([uidOf('new'), uidOf('middle')]);
      expect(recent[0]).toEqual({
        uid: recent[0]?.uid,
        firstSeen: noon(TODAY),
        lastSeen: noon(TODAY),
        os: 'Darwin',
        version: '3.0.0',
        reports: 1,
      });
      expect(await store.reader.recent({ project: 'acme', limit: 9 })).toHaveLength(2);
    });

    it('tells for each day how many were active, and how long after the day before', async () => {
      await apply(
        report({ day: TODAY - 5 }),
        report({ day: TODAY }),
        report({ user: 'bob' }),
        report({ user: 'farm', ci: true }),
      );
      const days = { project: 'acme', from: TODAY - 5, to: TODAY };
      const gaps = () => store.reader.gaps({ ...days, ci: false });
      expect(await gaps()).toEqual([
        { day: TODAY - 5, gap: 0, n: 1 },
        { day: TODAY, gap: 0, n: 1 },
        { day: TODAY, gap: 5, n: 1 },
      ]);
      await apply(report({ day: TODAY - 2 }), report({ user: 'bob', day: TODAY - 1 }));
      expect(await gaps()).toEqual([
        { day: TODAY - 5, gap: 0, n: 1 },
        { day: TODAY - 2, gap: 3, n: 1 },
        { day: TODAY - 1, gap: 0, n: 1 },
        { day: TODAY, gap: 1, n: 1 },
        { day: TODAY, gap: 2, n: 1 },
      ]);
      expect(await store.reader.gaps({ ...days, ci: true })).toEqual([
        { day: TODAY, gap: 0, n: 1 },
      ]);
      expect(await store.reader.gaps({ ...days, ci: false, to: TODAY - 3 })).toHaveLength(1);
    });

    it('counts people under all that their reports said on a day, up to 1000 values a person', async () => {
      const names = Array.from({ length: 1002 }, (_, n) => `n${n}`);
      // A dimension has room for 1000 values, so these are of three fields.
      const said = names.map((value, n) =>
        report({ event: 'build', fields: { [`f${n % 3}`]: value } }),
      );
      await apply(...said);
      await apply(report({ user: 'bob', event: 'build', fields: { f2: 'n1001' } }));
      const windows = [{ firstDay: TODAY, lastDay: TODAY }];
      const people = async (dimension: string, value: string): Promise<readonly number[]> =>
        store.reader.valuePeople({ project: 'acme', dimension, value, windows });
      expect(await people('event', 'build')).toEqual([2]);
      expect(await people('field:build.f0', 'n0')).toEqual([1]);
      // The event and 999 values are known of ada.
      expect(await people('field:build.f2', 'n998')).toEqual([1]);
      expect(await people('field:build.f0', 'n999')).toEqual([0]);
      expect(await people('field:build.f2', 'n1001')).toEqual([1]);
      expect(await people('field:build.f2', 'nothing')).toEqual([0]);
    });

    it('counts people under what the first report of a day said, reports under what each says', async () => {
      const fields = { bundler: 'vite' };
      await apply(
        report({ version: '1.0.0' }),
        report({ version: '2.0.0', event: 'build', fields }),
      );
      await apply(report({ version: '3.0.0', event: 'build', fields }));
      const days = { project: 'acme', from: TODAY, to: TODAY };
      expect(await store.reader.valueGaps({ ...days, dimension: 'version' })).toEqual([
        { day: TODAY, value: '1.0.0', gap: 0, n: 1 },
      ]);
      expect(await store.reader.reportValues({ ...days, dimension: 'event' })).toEqual([
        { day: TODAY, value: 'build', n: 2 },
        { day: TODAY, value: 'startup', n: 1 },
      ]);
      const dimension = 'field:build.bundler';
      expect(await store.reader.reportValues({ ...days, dimension })).toEqual([
        { day: TODAY, value: 'vite', n: 2 },
      ]);
      expect(await store.reader.dimensions({ project: 'acme' })).toContain(dimension);
      expect(await store.reader.reports({ ...days, ci: false })).toEqual([{ day: TODAY, n: 3 }]);
    });

    it('tells how many of a cohort came again', async () => {
      await apply(report({ day: TODAY - 7 }), report(), report({ user: 'bob', day: TODAY - 7 }));
      const question = { project: 'acme', interval: 'day', from: TODAY - 7, to: TODAY } as const;
      expect(await store.reader.retention(question)).toEqual([
        { cohort: TODAY - 7, period: TODAY - 7, n: 2 },
        { cohort: TODAY - 7, period: TODAY, n: 1 },
      ]);
    });

    it('knows since which day of receipt countries are looked up, found or not', async () => {
      expect(await store.reader.countrySince()).toBeNull();
      await apply(report());
      expect(await store.reader.countrySince()).toBeNull();
      // It was made ten days before it came.
      const late = { day: TODAY - 10, receivedDay: TODAY + 2, facts: { country: 'DE' } };
      await apply(report({ user: 'late', ...late }), report({ user: 'bob' }));
      expect(await store.reader.countrySince()).toBe(TODAY + 2);
      await apply(report({ user: 'eve', receivedDay: TODAY + 1, facts: { country: 'unknown' } }));
      expect(await store.reader.countrySince()).toBe(TODAY + 1);
      await apply(report({ user: 'dan', receivedDay: TODAY + 3, facts: { country: 'FR' } }));
      expect(await store.reader.countrySince()).toBe(TODAY + 1);
    });

    it('names the projects that have been counted', async () => {
      expect(await store.reader.projects()).toEqual([]);
      await apply(report({ project: 'b' }), report({ project: 'a' }), report({ project: 'b' }));
      await erase(deletion('ada', noon(TODAY), 'never counted'));
      expect(await store.reader.projects()).toEqual(['a', 'b']);
    });

    it('adds up what was put right, per project', async () => {
      await apply(
        report({ marks: ['values_cut', 'unknown_fields'] }),
        report({ marks: ['values_cut'], receivedDay: TODAY - 1 }),
        report({ project: 'other', marks: ['timestamps_clamped'] }),
      );
      expect(await store.reader.quality({ project: 'acme' })).toEqual({
        accepted: 2,
        values_cut: 2,
        unknown_fields: 1,
      });
      expect(await store.reader.quality({ project: null })).toMatchObject({
        accepted: 3,
        timestamps_clamped: 1,
      });
    });

    it('counts what else there is of quality once, also where there is no project', async () => {
      const place = { journalId: 'j', after: 0, upTo: 1, appliedAt: noon(TODAY) };
      const quality = [
        { project: 'acme', day: TODAY, kind: 'too_old' as const, count: 2 },
        { project: null, day: TODAY - 1, kind: 'rejected:not_json' as const, count: 3 },
      ];
      for (let n = 0; n < 2; n++) {
        await store.writer.apply({ ...place, reports: [], deletions: [], quality });
      }
      expect(await store.reader.quality({ project: 'acme' })).toEqual({ too_old: 2 });
      expect(await store.reader.quality({ project: null })).toEqual({
        too_old: 2,
        'rejected:not_json': 3,
      });
      expect(await store.reader.quality({ project: null, to: TODAY - 1 })).toEqual({
        'rejected:not_json': 3,
      });
      expect(await store.reader.projects()).toEqual(['acme']);
      expect(await ask(null)).toMatchObject({ totalUsers: 0, totalReports: 0 });
    });

    it('takes names of an object’s own members as values like any other', async () => {
      await apply(report({ os: '__proto__', version: 'constructor', project: '__proto__' }));
      expect(await ask('__proto__')).toMatchObject({
        os: [{ value: '__proto__', users: 1 }],
        version: [{ value: 'constructor', users: 1 }],
      });
    });

    it('answers a probe', async () => {
      await store.reader.probe();
    });
  });
}
