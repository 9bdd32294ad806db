// @ts-check
import { Writable } from 'node:stream';
import { createLogger, openCollector } from '../../collector/dist/testing.js';
import { createAsk, readToken } from './create-ask.mjs';
import { deliveriesByDay } from './deliveries.mjs';
import { firstDay } from './first-day.mjs';
import { DAYS, EMPTY_PROJECT, PEOPLE, PROJECT, YOUNG_PROJECT } from './names.mjs';
import { LEAD_DAYS } from './population.mjs';
import { setUpProjects } from './set-up-projects.mjs';

const YOUNG_PEOPLE_SHARE = 1 / 400;

/** Reports that are sent before all of them must be counted: else the journal grows too large. */
const REPORTS_AT_ONCE = 50_000;

const DAY_MS = 86_400_000;
const NEVER_MS = 2 ** 31 - 1;

/**
 * Fills a data folder with invented people: their reports go through a collector whose clock is set to
 * each of the days. The folder is then as if the collector had run all the time.
 *
 * @param {object} options
 * @param {string} options.data the folder, which need not exist
 * @param {number} [options.people]
 * @param {number} [options.days]
 * @param {Date} [options.end] the present moment
 * @param {number} [options.seed]
 * @param {number} [options.often] how often people come: 1 is as usual
 * @param {string} [options.adminToken] of the administrator, instead of a new one in the folder
 * @param {(share: number, reports: number) => void} [options.onProgress]
 * @returns {Promise<{ reports: number }>} how many reports were sent
 */
export async function fillFolder({
  data,
  people = PEOPLE,
  days = DAYS,
  end = new Date(),
  seed = 1,
  often = 1,
  adminToken,
  onProgress = () => undefined,
}) {
  let now = end;
  const collector = await openCollector({
    data,
    logger: createLogger('error', new Writable({ write: (_chunk, _encoding, done) => done() })),
    now: () => now,
    // Time goes in leaps: a monotonic clock that stands still has no speed and no limit for them.
    ...{ monotonicMs: () => 0, maxClockJumpMs: Infinity },
    ...{
      rateLimit: 0,
      keyRateLimit: 0,
      bytesLimit: 0,
      newIdsLimit: 0,
      newProjectsLimit: 0,
      newValuesLimit: 0,
    },
    ...{ projectRateLimit: 0, projectBytesLimit: 0, projectNewIdsLimit: 0, statsRateLimit: 0 },
    // What an ordinary collector does now and then, it does at its next start.
    ...{ checkJobsEveryMs: NEVER_MS, samplePerformanceEveryMs: NEVER_MS },
    ...(adminToken !== undefined && { adminToken }),
  });
  const { ask, deliver, untilCounted } = createAsk(collector.app, adminToken ?? readToken(data));
  let reports = 0;
  let counted = 0;
  try {
    now = new Date(end.getTime() - (days + LEAD_DAYS) * DAY_MS);
    const names = { project: PROJECT, young: YOUNG_PROJECT, empty: EMPTY_PROJECT };
    await setUpProjects(ask, { ...names, end, days });
    const invented = deliveriesByDay({ project: PROJECT, people, days, end, seed, often });
    const young = Math.ceil(people * YOUNG_PEOPLE_SHARE);
    for (const { daysAgo, deliveries } of invented) {
      const all =
        daysAgo === 0
          ? [...deliveries, ...firstDay({ project: YOUNG_PROJECT, people: young, end, seed })]
          : deliveries;
      for (const delivery of all) {
        now = new Date(delivery.receivedAt);
        await deliver(delivery);
        reports += delivery.reports.length;
      }
      if (daysAgo === 0 || reports - counted > REPORTS_AT_ONCE) {
        await untilCounted(EMPTY_PROJECT, now);
        counted = reports;
      }
      onProgress(1 - daysAgo / (days + LEAD_DAYS), reports);
    }
    now = end;
  } finally {
    await collector.close();
  }
  return { reports };
}
