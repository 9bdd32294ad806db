import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { CleaningStep } from '../../src/rules/cleaning.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import { openCountsReader } from '../../src/store/sqlite/counts-reader.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { countedReport, noon, TODAY, uidOf } from '../support/counted-report.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const KEPT_DAYS = 66;
const BUILD = { event: 'build', fields: { bundler: 'vite' } };

function openStore() {
  const path = join(temporaryFolder(), 'counts.db');
  const writer = openCountsWriter(path, 0);
  const reader = openCountsReader(path);
  onTestFinished(async () => {
    await reader.close();
    await writer.close();
  });
  let after = 0;
  const apply = async (reports: CountedReport[], cleanings: CleaningStep[] = []) => {
    const batch = { journalId: 'j', after, upTo: ++after, deletions: [], appliedAt: noon(TODAY) };
    await writer.apply({ ...batch, reports, cleanings });
    while (await writer.work());
  };
  return { writer, reader, apply };
}

it('days that are too old when a cleaning is undone count again, and stay out of users’ rows', async () => {
  const { writer, reader, apply } = openStore();
  const [old, kept] = [TODAY - KEPT_DAYS, TODAY - KEPT_DAYS + 1];
  await apply([
    countedReport({ ...BUILD, day: old }),
    countedReport({ ...BUILD, day: kept }),
    countedReport({ ...BUILD, user: 'gone', day: old }),
  ]);
  const dimension = 'field:build.bundler';
  const counts = async () =>
    reader.valueGaps({ project: 'acme', dimension, from: TODAY - 90, to: TODAY });
  const before = await counts();
  const where = { dimension, value: 'vite' };
  const selection = { project: 'acme', days: null, isNew: false, where };
  const until = noon(TODAY + 7);
  await apply([], [{ step: 'take', id: 'c', at: noon(TODAY), until, selection }]);
  expect(await counts()).toEqual([]);
  const run = { what: 'activity', days: KEPT_DAYS, today: TODAY, limitMs: 1000 } as const;
  await writer.drop({ ...run, after: null, isDry: false });
  await apply([], [{ step: 'undo', id: 'c', at: noon(TODAY) }]);

  expect(await counts()).toEqual(before);
  const saidBy = async (user: string) => {
    const { counted } = await reader.user({ project: 'acme', uid: uidOf(user) });
    return counted?.said.map((said) => [said.value, said.days]);
  };
  expect(await saidBy('ada')).toEqual([
    ['build', [kept]],
    ['vite', [kept]],
  ]);
  expect(await saidBy('gone')).toEqual([]);
});
