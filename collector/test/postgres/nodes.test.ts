import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import type { TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';
import { startTwoNodes } from './support/two-nodes.js';
import { run } from './support/run.js';
import { temporarySchema } from './support/temporary-schema.js';

const HOUR_MS = 60 * 60 * 1000;

const hasRun = ({ jobs }: TestCollector, name: string): boolean =>
  jobs.states().some((job) => job.name === name && job.succeededAt !== null);

/** How many of nine reports from one address are taken. */
async function takenOf({ app }: TestCollector, remoteAddress: string): Promise<number> {
  let taken = 0;
  for (let n = 0; n < 9; n++) {
    const payload = { reports: [fullReport()] };
    const answer = await app.inject({ method: 'POST', url: '/v1/reports', payload, remoteAddress });
    if (answer.statusCode === 202) taken++;
  }
  return taken;
}

describe('nodes on one store', () => {
  it('work on what they share one at a time, and share the limits', async () => {
    // One that is busy for a moment is not to be taken for gone.
    const often = { checkNodesEveryMs: 2000, checkJobsEveryMs: 50 };
    const [first, second] = await startTwoNodes({
      ...often,
      ...{ store: await temporarySchema(), rateLimit: 4 },
    });
    expect(await takenOf(second, '192.0.2.1')).toBe(2);
    await until('the first works on what is shared', () =>
      ['expire-cleanings', 'fold-lanes'].every((name) => hasRun(first, name)),
    );
    // Due after the other, and of its own files.
    await until('the second works on its own', () => hasRun(second, 'retention'));
    expect(hasRun(second, 'expire-cleanings')).toBe(false);
    expect(hasRun(second, 'fold-lanes')).toBe(false);
    await first.close();
    await until('the second works on what is shared', () => hasRun(second, 'expire-cleanings'));
    expect(await takenOf(second, '192.0.2.2')).toBe(4);
  }, 120_000);

  it('learn of what they were not told', async () => {
    const store = await temporarySchema();
    const [node] = await startTwoNodes({ store, checkNodesEveryMs: 50 });
    const url = '/v1/projects/acme-cli';
    const put = { method: 'PUT', url, payload: {}, headers: withToken() } as const;
    expect((await node.app.inject(put)).statusCode).toBe(201);
    const statusOf = async (): Promise<unknown> =>
      (await node.get(url, withToken())).body['status'];
    expect(await statusOf()).toBe('open');
    // As another node would whose notice is lost.
    await run(
      store,
      `UPDATE shared_kinds SET version = version + 1 WHERE kind = 'projects';
       UPDATE shared_documents SET version = (SELECT version FROM shared_kinds WHERE kind = 'projects'),
         value = jsonb_set(value::jsonb, '{status}', '"closed"') WHERE kind = 'projects'`,
    );
    await until('the project is closed', async () => (await statusOf()) === 'closed');
  });

  it('tell each other at once that something was counted', async () => {
    const store = await temporarySchema();
    const [here, there] = await startTwoNodes({ store, checkNodesEveryMs: HOUR_MS });
    const address = await there.app.listen({ port: 0, host: '127.0.0.1' });
    const ending = new AbortController();
    const response = await fetch(`${address}/v1/stats/live`, {
      headers: withToken(),
      signal: ending.signal,
    });
    expect(response.status).toBe(200);
    let heard = '';
    const listening = (async () => {
      for await (const chunk of response.body ?? []) heard += Buffer.from(chunk).toString();
    })().catch(() => undefined); // it is ended below
    await until('the stream has begun', () => heard.includes('"total_reports":0'));
    await here.post('/v1/reports', { reports: [fullReport({ project: 'live-cli' })] });
    await until('the other node tells of it', () => heard.includes('"total_reports":1'));
    expect((await there.stranger('/v1/stats/summary?project=live-cli')).status).toBe(200);
    ending.abort();
    await listening;
  });
});
