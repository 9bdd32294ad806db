import { join } from 'node:path';
import { expect } from 'vitest';
import { openPepper } from '../../../src/privacy/pepper.js';
import type { CountedReport } from '../../../src/rules/counted-report.js';
import { openCountsWriter } from '../../../src/store/sqlite/counts-writer.js';
import { countedReport, DAY_MS } from '../../support/counted-report.js';
import { fullReport, reportId } from '../../support/reports.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { type Scene, type Stage, startOnStage } from './scene.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * Counts come back from a copy without their journal. A project in them had reports every ten
 * minutes, then thousands of new people, then nothing for five hours; another has hardly any places
 * left for versions.
 */
export async function playPeople(stage: Stage): Promise<Scene> {
  const data = temporaryFolder(stage.atEnd);
  await seed(data, Date.now());
  const clocks = { wallMs: -DAY_MS, monotonicMs: 0 };
  const options = { data, checkJobsEveryMs: 100 };
  const { collector, ask, log } = await startOnStage(stage, options, clocks);
  return {
    ...{ ask, log },
    provoke: () => {
      // It has listened for a day, so that it would have heard something.
      clocks.wallMs = 0;
      return Promise.resolve();
    },
    mend: async () => {
      clocks.wallMs = 33 * DAY_MS;
      clocks.monotonicMs = 2 * HOUR_MS;
      const at = Date.now() + clocks.wallMs;
      const timestamp = new Date(at).toISOString();
      const { info } = fullReport();
      for (const project of ['acme', 'full']) {
        // A version that keeps its place as the day closes: the last by name.
        const about = { project, info: { ...info, version: '1.99.0' } };
        const sent = { report_id: reportId(at), timestamp, ...about };
        const { status } = await collector.post('/v1/reports', fullReport(sent));
        expect(status).toBe(202);
      }
    },
  };
}

async function seed(data: string, now: number): Promise<void> {
  openPepper(join(data, 'pepper'), true);
  const received = (at: number, changes: Partial<CountedReport> & { user: string }) => {
    const day = Math.floor(at / DAY_MS);
    return countedReport({
      ...{ project: 'acme', at, madeAt: at, day, receivedAt: at, receivedDay: day },
      ...changes,
    });
  };
  const last = now - 5 * HOUR_MS;
  const usual = Array.from({ length: 20 * 24 * 6 }, (_, n) => last - n * 10 * MINUTE_MS).reverse();
  const reports = [
    ...usual.map((at, n) => received(at, { user: `u${n % 50}` })),
    ...Array.from({ length: 1500 }, (_, n) => received(last, { user: `new${n}` })),
    ...Array.from({ length: 850 }, (_, n) =>
      received(last, { project: 'full', user: `f${n}`, version: `1.${n}.0` }),
    ),
  ];
  const writer = openCountsWriter(join(data, 'counts.db'), 0);
  await writer.apply({
    ...{ journalId: 'seed', after: 0, upTo: reports.length, reports, deletions: [] },
    appliedAt: now,
  });
  await writer.close();
}
