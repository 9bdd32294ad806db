import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import type { AtEnd } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { temporarySchema } from './support/temporary-schema.js';

const undo: (() => void | Promise<void>)[] = [];
const atEnd: AtEnd = (step) => void undo.unshift(step);
let store: string;
let database: pg.Client;
let collector: TestCollector;
/** Reports that were acknowledged. */
let sent = 0;

beforeAll(async () => {
  store = await temporarySchema(atEnd);
  database = new pg.Client(store);
  await database.connect();
  atEnd(() => database.end());
  collector = await startCollector({ store, checkNodesEveryMs: 50 }, atEnd);
});

afterAll(async () => {
  for (const step of undo) await step();
});

const run = (sql: string) => database.query(sql);

/** Sends reports of known and of new people, with values that are new. */
async function send(): Promise<void> {
  const reports = [0, 1, sent + 2].map((person, at) => ({
    anonymous_id: `person-${person}`,
    timestamp: '2026-11-22T20:00:00.000Z',
    project: 'acme',
    info: { os: 'Linux', version: at === 0 ? '1.0.0' : `1.${sent}.${at}` },
  }));
  const { status } = await collector.post('/v1/reports', { reports });
  expect(status).toBe(202);
  sent += reports.length;
}

async function untilCounted(): Promise<void> {
  await until('all is counted', async () => {
    const { body } = await collector.get('/v1/stats/summary?project=acme');
    return body['total_reports'] === sent;
  });
  const { body } = await collector.get('/v1/stats/quality?project=acme');
  expect(body).toMatchObject({ accepted: sent, duplicates: 0 });
  expect((await collector.get('/v1/stats/quality')).body).toMatchObject({ uncountable: 0 });
}

/** Waits for words in what was logged since. */
async function untilLogged(words: RegExp, since: number): Promise<RegExpExecArray> {
  let found: RegExpExecArray | null = null;
  await until(`it logs ${String(words)}`, () => {
    found = words.exec(collector.log().slice(since));
    return found !== null;
  });
  if (found === null) throw new Error('It was found.');
  return found;
}

describe('rows that no collector writes', () => {
  it.each<[string, string, RegExp, string]>([
    [
      'a count that has no room for more',
      `CREATE TABLE kept AS SELECT * FROM report_days; UPDATE report_days SET n = 9223372036854775807`,
      /one of its rows is none that a collector writes .*out of range/,
      `UPDATE report_days d SET n = k.n FROM kept k
       WHERE (d.project_id, d.ci, d.day, d.lane) = (k.project_id, k.ci, k.day, k.lane); DROP TABLE kept`,
    ],
    [
      'IDs of values that are given again',
      'CREATE TABLE kept_ids AS SELECT * FROM projects; UPDATE projects SET next_value = 1',
      /one of its rows is none that a collector writes .*duplicate key .*dims/,
      `UPDATE projects p SET next_value = k.next_value FROM kept_ids k WHERE p.id = k.id`,
    ],
  ])('keep reports waiting until they are corrected: %s', async (_what, spoil, words, mend) => {
    await send();
    await untilCounted();
    const since = collector.log().length;
    await run(spoil);
    await send();
    await untilLogged(words, since);
    await run(mend);
    await send();
    await untilCounted();
  });

  it('keep reports waiting that a store claims to have counted', async () => {
    await send();
    await untilCounted();
    const since = collector.log().length;
    await run(
      `UPDATE positions SET position = 1000000 WHERE journal_id ~ '^[0-9a-f]{16}$' AND position > 0`,
    );
    await send();
    const [mend] = await untilLogged(
      /UPDATE positions SET position = \d+ WHERE journal_id = '\w+'/,
      since,
    );
    await send();
    await run(mend);
    await untilCounted();
  });

  it('keep nothing else from being learnt, and another node from starting', async () => {
    const { body } = await collector.post('/v1/tokens', { level: 'developer' }, withToken());
    const headers = withToken(String(body['token']));
    const isKnown = async () => (await collector.get('/v1/tokens', headers)).status !== 401;
    expect(await isKnown()).toBe(true);
    const since = collector.log().length;
    const change = (kind: string, sql: string) =>
      `INSERT INTO shared_kinds VALUES ('${kind}', 1) ON CONFLICT (kind) DO UPDATE SET version = shared_kinds.version + 1; ${sql};`;
    await run(
      change(
        'projects',
        `INSERT INTO shared_documents SELECT 'projects', 'odd''cli', version, 0, '{"status": 7}' FROM shared_kinds
         WHERE kind = 'projects'`,
      ) + change('tokens', `DELETE FROM shared_documents WHERE kind = 'tokens'`),
    );
    await until('the token is revoked', async () => !(await isKnown()));
    const [mend] = await untilLogged(
      /DELETE FROM shared_documents WHERE kind = 'projects' AND name = '[^.]+'/,
      since,
    );
    const other = startCollector({ store, data: collector.data });
    await expect(other).rejects.toThrow();
    expect((await collector.get('/readyz')).status).toBe(200);
    await run(mend);
    await send();
    await untilCounted();
  });
});
