import { describe, expect, it } from 'vitest';
import { ThreadDiedError } from '../../src/threads/open-thread.js';
import { startMortalCollector, type ThreadName } from '../support/die.js';
import { fullReport } from '../support/reports.js';
import { NOW, startCollector, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const FAILING = { status: 503, headers: { 'retry-after': '5' }, body: { code: 'failing' } };

/** The components that `GET /health` calls failing. */
async function failing(collector: TestCollector): Promise<unknown[]> {
  const { status, body } = await collector.get('/health');
  const components = Object.entries(body['components'] as Record<string, { state: string }>);
  return [status, ...components.filter(([, part]) => part.state !== 'ok').map(([name]) => name)];
}

describe('a thread that dies', () => {
  it.each<[ThreadName, string]>([
    ['journal-writer-thread', 'journal'],
    ['counting-thread', 'counting'],
    ['counts-reader-thread', 'store'],
    ['question-thread', 'store'],
  ])('is told, and seen in /health at once: %s', async (thread, component) => {
    const collector = await startMortalCollector();
    expect(await failing(collector)).toEqual([200]);
    await collector.letDie(thread);
    expect(await failing(collector)).toEqual([503, component]);
    const error = await collector.died;
    expect(error.name).toBe(ThreadDiedError.name);
    expect(error.message).toBe(`The thread ${thread} has ended.`);
    expect(error.cause).toBeInstanceOf(TypeError);
    await collector.close();
  });

  it('takes no report that it could not keep', async () => {
    const collector = await startMortalCollector();
    await collector.post('/v1/reports', fullReport());
    await collector.letDie('journal-writer-thread');
    expect(await collector.post('/v1/reports', fullReport())).toMatchObject(FAILING);
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 1 });
  });

  it('keeps what it cannot count any more, and says how old the counts are', async () => {
    let now = NOW;
    const collector = await startMortalCollector({ now: () => now });
    await collector.post('/v1/reports', fullReport());
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 1 });
    await collector.letDie('counting-thread');
    expect((await collector.post('/v1/reports', fullReport())).status).toBe(202);
    now = new Date(NOW.getTime() + 5000);
    expect((await collector.get('/stats')).body).toMatchObject({
      total_reports: 1,
      as_of: NOW.toISOString(),
    });
    await collector.close();
    const next = await startCollector({ data: collector.data });
    await until('the rest is counted', async () => {
      return (await next.get('/stats')).body['total_reports'] === 2;
    });
  });

  it('holds up no report if it only answers questions', async () => {
    const collector = await startMortalCollector();
    await collector.letDie('question-thread');
    expect((await collector.post('/v1/reports', fullReport())).status).toBe(202);
    expect(await collector.get('/stats')).toMatchObject(FAILING);
  });
});
