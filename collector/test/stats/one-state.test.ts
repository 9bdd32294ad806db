import { PUBLIC } from '../../src/access/caller.js';
import { join } from 'node:path';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify } from 'fastify';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { App } from '../../src/app-types.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import { type Database, openReader, type Statement } from '../../src/sqlite/database.js';
import { createAnswering, type PosedQuestion } from '../../src/stats/answer-question.js';
import type { AnswerOfState } from '../../src/stats/question-desk.js';
import { registerQuestion } from '../../src/stats/register-question.js';
import { defineQuestions } from '../../src/stats/define-questions.js';
import { createCountsReader } from '../../src/store/sqlite/counts-reader.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { countedReport, noon, TODAY } from '../support/counted-report.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const NOW = new Date(noon(TODAY));

/** The first report of one more person. */
const reportOf = (person: number): CountedReport =>
  countedReport({
    user: `person ${person}`,
    reportKey: null,
    facts: {},
    os: person % 2 === 0 ? 'Linux' : 'Darwin',
    version: `${person}.0.0`,
    lostTotal: 1,
    idSource: person % 2 === 0 ? 'machine' : 'time',
  });

/** A connection after every statement of which something happens. */
function interrupt(db: Database, happen: () => void): Database {
  return {
    ...db,
    prepare: <Row>(...args: Parameters<Database['prepare']>): Statement<Row> => {
      const statement = db.prepare<Row>(...args);
      const andThen = <Result>(result: Result): Result => {
        happen();
        return result;
      };
      return {
        run: (values) => andThen(statement.run(values)),
        get: (values) => andThen(statement.get(values)),
        all: (values) => andThen(statement.all(values)),
      };
    },
  };
}

let app: App;
let people: number;

beforeEach(() => {
  const path = join(temporaryFolder(), 'counts.db');
  const writer = openCountsWriter(path, 0);
  people = 0;
  const countOneMore = (): void => {
    const place = { journalId: 'j', after: people, upTo: people + 1 };
    const reports = [reportOf(people++)];
    void writer.apply({ ...place, reports, deletions: [], appliedAt: NOW.getTime() });
  };
  countOneMore();
  let isOpen = false;
  const store = createCountsReader(
    interrupt(openReader(path), () => {
      if (isOpen) countOneMore();
    }),
  );
  isOpen = true;
  app = fastify().withTypeProvider<TypeBoxTypeProvider>();
  onTestFinished(async () => {
    await app.close();
    await store.close();
    await writer.close();
  });
  const answer = createAnswering(store);
  const parts = {
    store,
    desk: {
      answer: async (posed: PosedQuestion): Promise<AnswerOfState> => {
        const result = await answer(posed);
        if (result.kind === 'answer') return { ...result, state: null };
        throw new Error(result.detail);
      },
    },
    clientOf: () => undefined,
    counting: { caughtUp: () => Promise.resolve(NOW), version: '1' },
    projects: {
      zoneOf: () => 'UTC',
      toldOf: () => ({ coverage: null, ended: {}, invented: false }),
      list: () => [],
      notesOf: () => [],
    },
    k: 10,
    listeningSince: NOW,
    now: () => NOW,
    guards: [],
    access: {
      callerOf: () => PUBLIC,
      isCurrent: () => true,
      view: () => ({
        level: 'administrator' as const,
        visibility: 'detailed' as const,
        among: null,
        seesAll: true,
      }),
    },
    refusals: { flush: () => Promise.resolve() },
    dailyCells: { of: () => Promise.resolve({}) },
  };
  defineQuestions((question) => registerQuestion(app, parts, question));
});

interface Answer {
  readonly total?: number;
  readonly rows: readonly Readonly<Record<string, number>>[];
}

async function ask<Body = Answer>(url: string): Promise<Body> {
  const before = people;
  const response = await app.inject(`/v1/stats/${url}`);
  expect(response.statusCode).toBe(200);
  // Else nothing was counted while the answer was read.
  expect(people).toBeGreaterThan(before + 1);
  return response.json<Body>();
}

const sum = (rows: Answer['rows'], name: string): number =>
  rows.reduce((total, row) => total + (row[name] ?? 0), 0);

describe('an answer that is read while more is counted tells of one state:', () => {
  it('summary', async () => {
    const answer = await ask<Record<string, number>>('summary?project=acme');
    expect(answer).toMatchObject({ daily_active_users: 1, total_users: 1, total_reports: 1 });
    expect(answer['os_distribution']).toEqual({ Linux: 1 });
  });

  it('timeseries, by how sure it is of each person', async () => {
    const [row = {}] = (await ask('timeseries?from=2024-10-04')).rows;
    const { value = 0, certain = 0, likely = 0, ephemeral = 0 } = row;
    expect(value).toBe(1);
    expect(certain + likely + ephemeral).toBe(value);
  });

  it.each(['os', 'version', 'event'])('breakdown by %s, and its total', async (dimension) => {
    const { rows, total } = await ask(`breakdown?dimension=${dimension}`);
    expect(total).toBe(1);
    expect(sum(rows, 'count')).toBe(total);
  });

  it('adoption, and the shares in it', async () => {
    const { rows } = await ask('adoption?from=2024-10-04&limit=50');
    expect(sum(rows, 'people')).toBe(1);
    expect(sum(rows, 'share')).toBe(1);
  });

  it('quality, and what was lost', async () => {
    const answer = await ask<Record<string, number>>('quality');
    expect(answer).toMatchObject({ accepted: 1, lost_estimate: 1 });
  });
});
