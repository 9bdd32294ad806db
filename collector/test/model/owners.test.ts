import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NOW, startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { NaiveOwners, type OwnedReport } from './naive-owners.js';
import {
  ADMIN_TOKEN,
  ASKING,
  IDS,
  OWNED_PROJECTS,
  type OwnerStep,
  ownerSteps,
  toWire,
  tokenOf,
} from './owner-steps.js';

/** More of them find more: `HEADCOUNT_MODEL_RUNS=500 npx vitest run <this file>`. */
const RUNS = Number(process.env['HEADCOUNT_MODEL_RUNS'] ?? 8);

const STEP_MS = 1000;

/** One may ask for users' data 60 times a minute from one address. */
let address = 0;
const remoteAddress = (): string => `10.2.${(address >> 8) & 255}.${++address & 255}`;

/** Does the steps to a collector and to the model, and compares what everybody is shown. */
async function compareAll(steps: readonly OwnerStep[]): Promise<void> {
  const undo: (() => void | Promise<void>)[] = [];
  const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
  try {
    const data = temporaryFolder(atEnd);
    let now = NOW.getTime();
    const start = () =>
      startCollector({ data, adminToken: ADMIN_TOKEN, now: () => new Date(now) }, atEnd);
    let collector = await start();
    const model = new NaiveOwners();
    const sent: OwnedReport[] = [];
    const post = async (reports: readonly OwnedReport[]): Promise<void> => {
      sent.push(...reports);
      for (const report of reports) model.take(report);
      const answer = await collector.post('/v1/reports', { reports: reports.map(toWire) });
      expect(answer).toMatchObject({ status: 202, body: { accepted: reports.length } });
    };
    for (const step of steps) {
      now += STEP_MS;
      if (step.kind === 'reports') {
        await post(step.reports.map(({ age, ...report }) => ({ ...report, madeAt: now - age })));
      } else if (step.kind === 'again') {
        const known = step.which.map((n) => sent[n % Math.max(sent.length, 1)]);
        const reports = known.flatMap((one) =>
          one === undefined ? [] : [{ ...one, by: step.by }],
        );
        if (reports.length > 0) await post(reports);
      } else if (step.kind === 'delete') {
        const { who, project, id } = step;
        const answer = await collector.app.inject({
          method: 'DELETE',
          url: `/v1/users/${id}?project=${project}`,
          headers: tokenOf(who, project),
          remoteAddress: remoteAddress(),
        });
        const expected = model.delete(who, project, id, now) ? 202 : 404;
        expect({ step, status: answer.statusCode }).toEqual({ step, status: expected });
      } else {
        await collector.close();
        collector = await start();
      }
      for (const project of OWNED_PROJECTS) {
        for (const id of IDS) {
          for (const who of ASKING) {
            const answer = await collector.app.inject({
              url: `/v1/users/${id}?project=${project}`,
              headers: tokenOf(who, project),
              remoteAddress: remoteAddress(),
            });
            const { total_reports: shown } = answer.json<{ total_reports?: number }>();
            expect({ step, project, id, who, shown }).toEqual({
              step,
              project,
              id,
              who,
              shown: model.shownTo(who, project, id),
            });
          }
        }
      }
      expect((await collector.get('/stats')).body).toMatchObject({
        total_users: model.people,
        total_reports: model.reports,
      });
    }
  } finally {
    for (const step of undo) await step();
  }
}

it('whoever reports, asks and deletes in whatever order, data is shown to its owner only', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(ownerSteps([0, 0, 1, STEP_MS, 5 * STEP_MS]), {
        minLength: 4,
        maxLength: 16,
        size: 'max',
      }),
      compareAll,
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 600_000);
