import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { storeQuestions } from '../../src/move/store-questions.js';
import { openNodeWriter, openReaderAt } from '../../src/store/postgres/open-postgres-store.js';
import { TooCostlyError } from '../../src/store/questions.js';
import type { Batch, DropCursor, StoreReader, StoreWriter } from '../../src/store/store.js';
import { countedReport as report, noon, TODAY, uidOf } from '../support/counted-report.js';
import { seedPlans } from './support/seed-plans.js';
import { temporarySchema } from './support/temporary-schema.js';

/** Tables that grow with people, reports or days. The values of a project are bounded. */
const LARGE = new Set([
  ...['users', 'seen_reports', 'tombstones', 'latest', 'newest_versions', 'gaps'],
  ...['value_gaps', 'age_gaps', 'retention', 'report_days', 'report_values', 'quality'],
]);

/** What may read a whole table, and why. */
const MAY_READ_ALL: readonly { readonly statement: RegExp; readonly why: string }[] = [
  { statement: /EXISTS\(SELECT 1 FROM tombstones\)/, why: 'It ends at the first row.' },
  { statement: /FROM \w+ WHERE true/, why: 'A table no longer than a part is walked at once.' },
];

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The large tables that a plan reads as a whole. */
const scansOf = (plan: Plan, isLimited = false): string[] => {
  const table = plan['Relation Name'] ?? '';
  const isWhole =
    plan['Node Type'] === 'Seq Scan' ||
    (!isLimited && INDEX_SCANS.has(plan['Node Type']) && plan['Index Cond'] === undefined);
  const below = isLimited || plan['Node Type'] === 'Limit';
  return [
    ...(isWhole && LARGE.has(table) ? [table] : []),
    ...(plan.Plans ?? []).flatMap((one) => scansOf(one, below)),
  ];
};

const INDEX_SCANS = new Set(['Index Scan', 'Index Only Scan']);

describe('statements on a large store', () => {
  const undo: (() => void | Promise<void>)[] = [];
  let url: string;
  let writer: StoreWriter;
  let reader: StoreReader;
  let client: pg.Client;
  let position = 0;

  const apply = async (changes: Partial<Batch>): Promise<void> => {
    const after = position++;
    const place = { journalId: 'node', after, upTo: position, appliedAt: noon(TODAY) };
    await writer.apply({ ...place, reports: [], deletions: [], ...changes });
  };
  /** The statements that work runs on any connection, each once. */
  const statementsOf = async (work: () => Promise<void>): Promise<Statement[]> => {
    const query = vi.spyOn(pg.Client.prototype, 'query');
    try {
      await work();
      const all = query.mock.calls.flatMap(([config]: readonly unknown[]) =>
        isStatement(config) ? [{ text: config.text, values: config.values }] : [],
      );
      return [...new Map(all.map((one) => [one.text, one])).values()];
    } finally {
      query.mockRestore();
    }
  };
  const explain = async (sql: string, values: readonly unknown[] = []): Promise<string[]> => {
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `EXPLAIN (FORMAT JSON) ${sql}`,
      [...values],
    );
    return rows.flatMap((row) => row['QUERY PLAN']).flatMap((one) => scansOf(one.Plan));
  };
  /** The tables that a statement reads as a whole, for these values or for any. */
  const scans = async ({ text, values }: Statement): Promise<string[]> => {
    const ofThese = await explain(text, values);
    await client.query(`PREPARE examined AS ${text}`);
    const any = values.length === 0 ? '' : `(${values.map(() => 'NULL').join(', ')})`;
    const ofAny = await explain(`EXECUTE examined${any}`);
    await client.query('DEALLOCATE examined');
    return [
      ...ofThese.map((name) => `${name} for these`),
      ...ofAny.map((name) => `${name} for any`),
    ];
  };
  const offending = async (statements: readonly Statement[]): Promise<string[]> => {
    const found: string[] = [];
    for (const one of statements) {
      if (MAY_READ_ALL.some(({ statement }) => statement.test(one.text))) continue;
      const tables = await scans(one);
      if (tables.length > 0) found.push(`${tables.join(', ')}: ${one.text}`);
    }
    return found;
  };

  beforeAll(async () => {
    url = await temporarySchema((step) => void undo.unshift(step));
    writer = await openNodeWriter(url, { node: 'node', openedAt: 0 });
    reader = openReaderAt(url);
    client = new pg.Client(url);
    await client.connect();
    undo.unshift(
      async () => writer.close(),
      async () => reader.close(),
      () => client.end(),
    );
    await apply({
      reports: ['acme', 'other'].flatMap((project) =>
        ['ada', 'bob'].map((user) => report({ project, user, fields: { size: 's' } })),
      ),
    });
    await seedPlans(client, TODAY);
    // Then a table is read as a whole only where no index can serve, however small it is.
    await client.query(`SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;
      SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off`);
  });
  afterAll(async () => {
    for (const step of undo) await step();
  });

  it('read no large table as a whole where counts are asked for', async () => {
    const values = await reader.values({ project: 'acme' });
    const users = [{ project: 'acme', uid: uidOf('ada') }];
    const days = { from: TODAY - 60, to: TODAY };
    const asked = ['acme', null].flatMap((project) =>
      storeQuestions({ ...days, project, values: values.slice(0, 10), users }),
    );
    // Each question is that of the operation with its name.
    const operations = reader as unknown as Readonly<
      Record<string, (question: unknown) => Promise<unknown>>
    >;
    const statements = await statementsOf(async () => {
      for (const { name, question } of asked) {
        await operations[name]?.(question).catch((error: unknown) => {
          if (!(error instanceof TooCostlyError)) throw error;
        });
      }
    });
    expect(statements.length).toBeGreaterThan(40);
    expect(await offending(statements)).toEqual([]);
  });

  it('read no large table as a whole where something is counted or dropped', async () => {
    const where = { dimension: 'version', value: '1.0.0' };
    const selection = { project: 'acme', days: null, isNew: false, where };
    const statements = await statementsOf(async () => {
      await apply({ reports: ['ada', 'eve'].map((user) => report({ user })) });
      await apply({ reports: [report({ user: 'ada', receivedDay: TODAY + 1 })] });
      const deletion = { project: 'acme', uid: uidOf('eve'), ownerHash: null };
      await apply({ deletions: [{ ...deletion, deletedAt: noon(TODAY) }] });
      await apply({ reports: [report({ user: 'bob', receivedDay: TODAY + 1 })] });
      for (const what of [
        'activity',
        'users',
        'rollups',
        'quality',
        'keys',
        'tombstones',
      ] as const) {
        await writer.drop({
          ...{ what, days: 4000, today: TODAY, after: null, limitMs: 1e6, isDry: false },
        });
      }
      for (let after: DropCursor | null = null, isMore = true; isMore;) {
        const folded = await writer.fold({ after, limitMs: 1e6 });
        after = folded.next;
        isMore = after !== null;
      }
      const at = noon(TODAY);
      await apply({ cleanings: [{ step: 'take', id: 'c1', selection, at, until: at + 1 }] });
      while (await writer.work());
      await apply({ cleanings: [{ step: 'undo', id: 'c1', at }] });
      while (await writer.work());
    });
    expect(statements.length).toBeGreaterThan(40);
    expect(await offending(statements)).toEqual([]);
  });
});

function isStatement(config: unknown): config is Statement {
  if (typeof config !== 'object' || config === null) return false;
  if (!('text' in config) || typeof config.text !== 'string') return false;
  return /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(config.text) && 'values' in config;
}
