import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NaiveOwners, type OwnedReport } from '../model/naive-owners.js';
import {
  ADMIN_TOKEN,
  ASKING,
  IDS,
  OWNED_PROJECTS,
  type OwnerStep,
  ownerSteps,
  toWire,
  tokenOf,
} from '../model/owner-steps.js';
import { ask } from '../support/ask-counts.js';
import { post } from '../support/load.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const RUNS = Number(process.env['HEADCOUNT_MODEL_RUNS'] ?? 4);

const MINUTE_MS = 60_000;

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One may ask for users' data 60 times a minute from one address, and this machine has many. */
let address = 0;

function send(
  method: 'GET' | 'DELETE',
  url: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const localAddress = `127.0.${1 + ((address >> 8) & 127)}.${1 + (++address % 250)}`;
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers, localAddress, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('error', reject);
      response.on('end', () => {
        const body = JSON.parse(text) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}

interface KilledStep {
  readonly step: OwnerStep;
  /** As soon as there is an answer, when nothing of it is counted; or after so many milliseconds. */
  readonly killAfter: 'answer' | number | undefined;
}

async function killAndCompare(steps: readonly KilledStep[]): Promise<void> {
  const args = ['--port', '0', '--log-level', 'error', '--data', temporaryFolder()];
  const start = () => startProcess(args, { HEADCOUNT_ADMIN_TOKEN: ADMIN_TOKEN });
  let collector = await start();
  const model = new NaiveOwners();
  const sent: OwnedReport[] = [];
  const userUrl = async (project: string, id: string) =>
    `${await collector.url()}/v1/users/${id}?project=${project}`;

  /** Sends, kills, and sends once more what has got no answer. */
  const insist = async <Result>(
    sending: () => Promise<Result>,
    killAfter: KilledStep['killAfter'],
  ): Promise<{ answer: Result; wasSentTwice: boolean }> => {
    await collector.url();
    const first = sending().catch(() => undefined);
    if (killAfter !== undefined) {
      await (killAfter === 'answer' ? first : wait(killAfter));
      collector.child.kill('SIGKILL');
      await collector.ended;
      collector = await start();
    }
    const answer = await first;
    if (answer !== undefined) return { answer, wasSentTwice: false };
    return { answer: await sending(), wasSentTwice: true };
  };
  const report = async (
    reports: readonly OwnedReport[],
    killAfter: KilledStep['killAfter'],
  ): Promise<void> => {
    sent.push(...reports);
    for (const one of reports) model.take(one);
    const sending = async () =>
      post(`${await collector.url()}/v1/reports`, { reports: reports.map(toWire) });
    expect((await insist(sending, killAfter)).answer).toBe(202);
  };

  for (const { step, killAfter } of steps) {
    // No report is made in the moment of a deletion.
    const before = Date.now();
    await until('the clock goes on', () => Date.now() > before);
    const now = Date.now();
    if (step.kind === 'reports') {
      const reports = step.reports.map(({ age, ...one }) => ({ ...one, madeAt: now - age }));
      await report(reports, killAfter);
    } else if (step.kind === 'again') {
      const known = step.which.map((n) => sent[n % Math.max(sent.length, 1)]);
      const reports = known.flatMap((one) => (one === undefined ? [] : [{ ...one, by: step.by }]));
      if (reports.length > 0) await report(reports, killAfter);
    } else if (step.kind === 'delete') {
      const { who, project, id } = step;
      const sending = async () => send('DELETE', await userUrl(project, id), tokenOf(who, project));
      const { answer, wasSentTwice } = await insist(sending, killAfter);
      const isDeleted = model.delete(who, project, id, Date.now());
      const expected = [isDeleted ? 202 : 404, ...(wasSentTwice ? [404] : [])];
      expect(expected).toContain(answer.status);
    } else {
      collector.child.kill('SIGKILL');
      await collector.ended;
      collector = await start();
    }
  }

  for (const project of OWNED_PROJECTS) {
    for (const id of IDS) {
      for (const who of ASKING) {
        const answer = await send('GET', await userUrl(project, id), tokenOf(who, project));
        expect({ project, id, who, shown: answer.body['total_reports'] }).toEqual({
          project,
          id,
          who,
          shown: model.shownTo(who, project, id),
        });
      }
    }
  }
  expect(await ask(await collector.url())).toEqual({
    total_users: model.people,
    total_reports: model.reports,
  });
  collector.child.kill('SIGKILL');
  await collector.ended;
}

const killedSteps = fc.record({
  step: ownerSteps([0, 0, 0, MINUTE_MS]),
  killAfter: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.constant('answer' as const) },
    { weight: 2, arbitrary: fc.nat(40) },
  ),
});

it('killed at any moment, the first owner stays the owner, and a deletion stays one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(killedSteps, { minLength: 5, maxLength: 14, size: 'max' }),
      killAndCompare,
    ),
    // Each run takes seconds: what fails is shown as it is.
    { numRuns: RUNS, endOnFailure: true },
  );
}, 600_000);
