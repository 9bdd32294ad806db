import { randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { type AtEnd, temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const undo: (() => void | Promise<void>)[] = [];
const atEnd: AtEnd = (step) => void undo.unshift(step);
const role = `role_${randomBytes(6).toString('hex')}`;
let administrator: pg.Client;
let store: string;
let collector: TestCollector;
/** Reports that were acknowledged. */
let sent = 0;

const run = (sql: string) => administrator.query(sql);

beforeAll(async () => {
  administrator = new pg.Client(inject('postgresUrl'));
  await administrator.connect();
  atEnd(() => administrator.end());
  await run(`CREATE ROLE ${role} LOGIN; CREATE SCHEMA ${role} AUTHORIZATION ${role}`);
  atEnd(async () => {
    await run(`DROP SCHEMA ${role} CASCADE; DROP ROLE ${role}`);
  });
  const options = encodeURIComponent(`-c search_path=${role}`);
  store = `${inject('postgresUrl').replace('postgres@', `${role}@`)}?options=${options}`;
  collector = await startCollector({ store }, atEnd);
});

afterAll(async () => {
  for (const step of undo) await step();
});

async function send(): Promise<void> {
  const reports = [0, sent + 1].map((person) => ({
    anonymous_id: `person-${person}`,
    timestamp: '2026-11-22T20:00:00.000Z',
    project: 'acme',
    info: { os: 'Linux', version: '1.0.0' },
  }));
  expect((await collector.post('/v1/reports', { reports })).status).toBe(202);
  sent += reports.length;
}

async function untilCounted(): Promise<void> {
  await until('all is counted', async () => {
    const { body } = await collector.get('/v1/stats/summary?project=acme');
    return body['total_reports'] === sent;
  });
  const { body } = await collector.get('/v1/stats/quality');
  expect(body).toMatchObject({ accepted: sent, duplicates: 0, uncountable: 0 });
}

const END_ALL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`;

/** Lets each insertion of a user fail, for some times or until it is mended. */
const failing = (code: string, times: number): string => `
  CREATE SEQUENCE ${role}.tries; GRANT USAGE ON SEQUENCE ${role}.tries TO ${role};
  CREATE FUNCTION ${role}.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('${role}.tries') <= ${times} THEN RAISE EXCEPTION 'injected ${code}' USING ERRCODE = '${code}'; END IF;
    RETURN NEW; END $$;
  CREATE TRIGGER failing BEFORE INSERT ON ${role}.users FOR EACH ROW EXECUTE FUNCTION ${role}.fail()`;
const MEND = `DROP FUNCTION ${role}.fail CASCADE; DROP SEQUENCE ${role}.tries`;

describe('a server that fails for a while', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'takes no connection more',
      `ALTER ROLE ${role} CONNECTION LIMIT 0; ${END_ALL}`,
      `ALTER ROLE ${role} CONNECTION LIMIT -1`,
      /too many connections/,
    ],
    [
      'lets nobody write',
      `REVOKE ALL ON ALL TABLES IN SCHEMA ${role} FROM ${role}`,
      `GRANT ALL ON ALL TABLES IN SCHEMA ${role} TO ${role}`,
      /this user may not do that/,
    ],
    ['is full', failing('53100', 1_000_000), MEND, /its disk is full/],
    ['has its statements ended', failing('57014', 1_000_000), MEND, /injected 57014/],
    ['never gets out of deadlocks', failing('40P01', 1_000_000), MEND, /injected 40P01/],
  ])('and %s loses no report and counts none twice', async (_what, spoil, mend, words) => {
    await send();
    await untilCounted();
    const since = collector.log().length;
    await run(spoil);
    await send();
    await until('it is told', () => words.test(collector.log().slice(since)));
    await run(mend);
    await send();
    await untilCounted();
  });

  it.each(['40P01', '40001', '57P01'])('by %s, a few times, is asked again', async (code) => {
    await run(failing(code, 3));
    await send();
    await untilCounted();
    await run(MEND);
  });
});

it('a role that gets no connection more has its questions answered by those that are there', async () => {
  await run(END_ALL);
  await send();
  await untilCounted();
  await run(`DO $$ BEGIN EXECUTE format('ALTER ROLE ${role} CONNECTION LIMIT %s',
    (SELECT count(*) FROM pg_stat_activity WHERE usename = '${role}')); END $$`);
  try {
    const days = Array.from({ length: 8 }, (_, n) => `2026-11-${n + 10}`);
    const answers = await Promise.all(
      days.map((from) =>
        collector.get(`/v1/stats/quality?project=acme&from=${from}&to=2026-11-22`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(days.map(() => 200));
  } finally {
    await run(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
  }
});

it('a role whose transactions are read-only is not taken for a standby', async () => {
  await run(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
  try {
    const data = temporaryFolder();
    copyFileSync(join(collector.data, 'pepper'), join(data, 'pepper'));
    await expect(startCollector({ data, store })).rejects.toThrow(
      /default_transaction_read_only is on for its user.* ALTER ROLE/,
    );
  } finally {
    await run(`ALTER ROLE ${role} RESET default_transaction_read_only`);
  }
});

it('a role that may only read is told at the start', async () => {
  const reader = `${role}_reader`;
  await run(`CREATE ROLE ${reader} LOGIN; GRANT USAGE ON SCHEMA ${role} TO ${reader};
    GRANT SELECT ON ALL TABLES IN SCHEMA ${role} TO ${reader}`);
  atEnd(async () => {
    await run(`DROP OWNED BY ${reader}; DROP ROLE ${reader}`);
  });
  const data = temporaryFolder();
  copyFileSync(join(collector.data, 'pepper'), join(data, 'pepper'));
  const start = startCollector({ data, store: store.replace(`${role}@`, `${reader}@`) });
  await expect(start).rejects.toThrow(
    /this user may not do that .* Give it the database, or its schema/,
  );
});
