import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AskedAnswer, compare } from '../model/compare.js';
import { type KilledStep, killedStreams } from '../model/killed-streams.js';
import { NaiveCount } from '../model/naive-count.js';
import { ENDED } from '../model/naive-support.js';
import type { WireReport } from '../model/naive-report.js';
import { type Question, questions } from '../model/questions.js';
import { type Request, TOKEN, toRequest } from '../model/to-request.js';
import { PROJECTS } from '../model/wire-reports.js';
import { firstEvent } from '../support/first-event.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const RUNS = Number(process.env['HEADCOUNT_MODEL_RUNS'] ?? 5);

const today = new Date().toISOString().slice(0, 10);
const asked = fc.array(questions(today), { minLength: 40, maxLength: 120, size: 'max' });

async function request(url: string, method = 'GET', payload?: object): Promise<AskedAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(payload !== undefined && { 'content-type': 'application/json' }),
    },
    ...(payload !== undefined && { body: JSON.stringify(payload) }),
    signal: AbortSignal.timeout(30_000),
  });
  const asOf = response.headers.get('headcount-as-of');
  return { status: response.status, text: await response.text(), asOf };
}

const bodyOf = ({ text }: AskedAnswer) => JSON.parse(text) as Readonly<Record<string, unknown>>;

const send = (url: string, { url: path, method, payload }: Request): Promise<AskedAnswer> =>
  request(`${url}${path}`, method, payload);

/** Runs a stream through processes that are killed and started anew, and compares every answer. */
async function killAndCompare(
  { zone, steps }: { readonly zone: string; readonly steps: readonly KilledStep[] },
  all: readonly Question[],
): Promise<void> {
  const args = ['--port', '0', '--log-level', 'error', '--data', temporaryFolder()];
  const start = () => startProcess([...args, '--timezone', zone], { HEADCOUNT_ADMIN_TOKEN: TOKEN });
  let collector: CollectorProcess = await start();
  const count = new NaiveCount(zone);
  const sent: WireReport[] = [];
  const ask = async (path: string): Promise<AskedAnswer> => {
    const url = `${await collector.url()}${path}`;
    return path.startsWith('/v1/stats/live') ? firstEvent(url) : request(url);
  };
  for (const project of PROJECTS) {
    const path = `/v1/projects/${encodeURIComponent(project)}`;
    await request(`${await collector.url()}${path}`, 'PUT', { status: 'open', ended: ENDED });
  }

  for (const { toStep, killAfter } of steps) {
    const now = Date.now();
    const step = toStep(now);
    const next = toRequest(step, now, count, sent);
    if (next === undefined) continue;
    const sending = send(await collector.url(), next).catch(() => undefined);
    if (killAfter !== undefined) {
      await (killAfter === 'answer' ? sending : wait(killAfter));
      collector.child.kill('SIGKILL');
      await collector.ended;
      collector = await start();
    }
    // What has no answer may be on disk or not: sent once more, it is, and counts once.
    const answer = (await sending) ?? (await send(await collector.url(), next));
    expect(answer).toMatchObject({ status: next.status });
    if (step.kind === 'delete') {
      count.delete(step.project, step.user, Date.parse(String(bodyOf(answer)['deleted_at'])));
    }
  }

  await until('everything is counted', async () => {
    const since = Date.now();
    return Date.parse(String(bodyOf(await ask('/stats'))['as_of'])) >= since;
  });
  for (const question of all) await compare(ask, question, count);
  collector.child.kill('SIGKILL');
  await collector.ended;
}

it('killed at any moment, it answers every question as if nothing had happened', async () => {
  await fc.assert(
    fc.asyncProperty(killedStreams, asked, (stream, all) => killAndCompare(stream, all)),
    // Each run takes seconds: what fails is shown as it is.
    { numRuns: RUNS, endOnFailure: true },
  );
}, 600_000);
