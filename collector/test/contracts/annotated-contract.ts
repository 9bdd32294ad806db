import { expect, it } from 'vitest';
import type { CountedReport } from '../../src/rules/counted-report.js';
import type { CleaningStep } from '../../src/rules/cleaning.js';
import type { Deletion, Store } from '../../src/store/store.js';
import { countedReport as report, DAY_MS, noon, TODAY, uidOf } from '../support/counted-report.js';

const HOUR_MS = 3_600_000;

/** What a store must tell of releases, of when reports came, and of what they said on which days. */
export function annotatedContract(
  storeOf: () => Store,
  apply: (...reports: CountedReport[]) => Promise<void>,
  erase: (...deletions: Deletion[]) => Promise<void>,
  clean: (step: CleaningStep) => Promise<void>,
): void {
  it('finds the first day on which a version had so many people', async () => {
    const on = (day: number, version: string, ...users: string[]) =>
      users.map((user) => report({ user, day, version }));
    await apply(
      ...on(TODAY - 9, '1.0.0', 'ada'),
      // Counted before versions were folded.
      ...on(TODAY - 8, 'v1.0', 'ada'),
      ...on(TODAY - 8, '1.0.0', 'bob', 'eve'),
      ...on(TODAY - 7, '2.0.0', 'ada', 'bob'),
      report({ user: 'farm', day: TODAY - 7, version: '2.0.0', ci: true }),
      ...on(TODAY - 5, '2.0.0', 'ada', 'bob', 'eve'),
    );
    const ask = async (people: number, since = 0) => [
      ...(await storeOf().reader.firstDays({ project: 'acme', people, since })),
    ];
    const row = (version: string, day: number, people: number) => ({
      ...{ project: 'acme', version, day, people },
    });
    expect(await ask(3)).toEqual([row('1.0.0', TODAY - 8, 3), row('2.0.0', TODAY - 5, 3)]);
    expect(await ask(2, TODAY - 6)).toEqual([row('2.0.0', TODAY - 5, 3)]);
    expect(await ask(4)).toEqual([]);
    await erase({ project: 'acme', uid: uidOf('eve'), ownerHash: null, deletedAt: noon(TODAY) });
    expect(await ask(2)).toEqual([row('1.0.0', TODAY - 8, 2), row('2.0.0', TODAY - 7, 2)]);
  });

  it('tells when reports came, for 30 days back from the last and the hour before them', async () => {
    const begin = TODAY * DAY_MS;
    const at = (hours: number, ms: number) =>
      report({ receivedAt: begin + hours * HOUR_MS + ms, user: `${hours} ${ms}` });
    const known = at(2, 900);
    await apply(at(0, 0), at(2, 100), known);
    // A report that is sent again is none that was counted.
    await apply({ ...known, receivedAt: begin + 5 * HOUR_MS }, at(2, 1000));
    const first = begin / HOUR_MS;
    const cell = (hour: number, reports: number, from: number, to: number, longestMs: number) => {
      const start = begin + hour * HOUR_MS;
      return { hour: first + hour, reports, firstAt: start + from, lastAt: start + to, longestMs };
    };
    const cells = async () => (await storeOf().reader.hours({ project: 'acme' }))[0]?.cells ?? [];
    expect(await cells()).toEqual([cell(0, 1, 0, 0, 0), cell(2, 3, 100, 1000, 800)]);

    await apply(at(722, 7));
    expect(await cells()).toEqual([
      ...[cell(0, 1, 0, 0, 0), cell(2, 3, 100, 1000, 800), cell(722, 1, 7, 7, 0)],
    ]);
    await apply(at(723, 7));
    expect(await cells()).toEqual([
      ...[cell(2, 3, 100, 1000, 800), cell(722, 1, 7, 7, 0), cell(723, 1, 7, 7, 0)],
    ]);
    expect(await storeOf().reader.hours({ project: 'other' })).toEqual([]);
  });

  it('takes the hours of a removed project along, and gives them back before later ones', async () => {
    const begin = TODAY * DAY_MS;
    const hours = async () => [...(await storeOf().reader.hours({ project: null }))];
    await apply(report({ receivedAt: begin }), report({ receivedAt: begin + 50, user: 'bob' }));
    const selection = { project: 'acme', days: null, isNew: false, where: null };
    const until = begin + 7 * DAY_MS;
    await clean({ step: 'take', id: 'c', at: begin, until, selection });
    expect(await hours()).toEqual([]);
    await apply(report({ receivedAt: begin + 200, user: 'eve' }));
    await clean({ step: 'undo', id: 'c', at: begin });
    expect(await hours()).toEqual([
      {
        project: 'acme',
        cells: [
          {
            ...{ hour: begin / HOUR_MS, reports: 3, firstAt: begin, lastAt: begin + 200 },
            longestMs: 150,
          },
        ],
      },
    ]);
  });

  it('tells on which days people reported an event, and a field whatever its value', async () => {
    const build = { event: 'build', fields: { bundler: 'vite' } };
    await apply(
      report({ ...build, user: 'ada' }),
      report({ ...build, user: 'bob', fields: { bundler: 'esbuild' } }),
      report({ ...build, user: 'eve', day: TODAY - 1, fields: {} }),
      report({ ...build, user: 'farm', ci: true }),
      report({ ...build, user: 'old', day: TODAY - 9 }),
    );
    const days = { project: 'acme', from: TODAY - 5, to: TODAY };
    expect(await storeOf().reader.sayingDays(days)).toEqual([
      { dimension: 'event', value: 'build', day: TODAY - 1, n: 1 },
      { dimension: 'event', value: 'build', day: TODAY, n: 2 },
      { dimension: 'field:build.bundler', value: null, day: TODAY, n: 2 },
    ]);
  });
}
