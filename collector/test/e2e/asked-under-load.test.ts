import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { post } from '../support/load.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const BATCH = 20;
const SENDERS = 2;
const ROUNDS = 8;

type Figures = Readonly<Record<string, number>>;

interface Answer {
  readonly total: number;
  readonly values_left_out: number;
  readonly rows: readonly Figures[];
}

const sum = (all: readonly Figures[], name: string): number =>
  all.reduce((total, row) => total + (row[name] ?? 0), 0);
const sumOf = (figures: unknown): number =>
  Object.values(figures as Figures).reduce((total, n) => total + n, 0);

/** One report of a new person, who has one of a few systems and versions, and one way to be known. */
function reportOf(person: number) {
  const report = fullReport({ anonymous_id: reportId(), timestamp: new Date().toISOString() });
  const info = {
    ...report.info,
    os: ['Linux', 'Darwin', 'Windows'][person % 3] ?? '',
    version: `${person % 4}.0.0`,
    id_source: (['machine', 'time'] as const)[person % 2] ?? 'time',
    id_persisted: person % 5 > 0,
  };
  return { ...report, info };
}

it('every answer adds up and has all that was acknowledged before its as_of, while more is counted', async () => {
  const collector = await startProcess(
    ['--port', '0', '--log-level', 'error', '--data', temporaryFolder()],
    { HEADCOUNT_RATE_LIMIT: '0', HEADCOUNT_KEY_RATE_LIMIT: '0' },
  );
  const url = await collector.url();
  let sent = 0;
  /** When so many were acknowledged, at the latest. */
  const acknowledged: { readonly at: number; readonly people: number }[] = [];
  let isOver = false;
  const send = async (): Promise<void> => {
    while (!isOver) {
      const reports = Array.from({ length: BATCH }, () => reportOf(sent++));
      expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
      const people = (acknowledged.at(-1)?.people ?? 0) + BATCH;
      acknowledged.push({ at: Date.now(), people });
    }
  };

  /** Asks, and tells how many people there may be in the answer. */
  async function ask<Body extends object>(question: string) {
    const response = await fetch(`${url}/v1/stats/${question}`, { headers: withToken() });
    const body = (await response.json()) as Body;
    expect({ status: response.status, body }).toMatchObject({ status: 200 });
    const asOf = Date.parse(String('as_of' in body && body.as_of));
    expect(asOf).not.toBeNaN();
    const least = acknowledged.findLast(({ at }) => at < asOf)?.people ?? 0;
    return { body, least, most: sent };
  }
  let counted = 0;
  /** A figure of everybody has all who were acknowledged before `as_of`, and none is made up. */
  function expectAll(figure: number | undefined, least: number, most: number): void {
    expect(figure).toBeGreaterThanOrEqual(Math.max(least, counted));
    expect(figure).toBeLessThanOrEqual(most);
    counted = figure ?? 0;
  }

  async function askAll(): Promise<void> {
    const summary = await ask<Figures>('summary');
    const { total_users: people = 0 } = summary.body;
    expectAll(people, summary.least, summary.most);
    expect(summary.body['total_reports']).toBe(people);
    expect(summary.body['weekly_active_users']).toBe(people);
    for (const parts of ['band', 'os_distribution', 'version_distribution']) {
      expect(sumOf(summary.body[parts]), parts).toBe(people);
    }

    const series = await ask<Answer>('timeseries?window=7d');
    const { value = 0, certain, likely, ephemeral } = series.body.rows.at(-1) ?? {};
    expectAll(value, series.least, series.most);
    expect(Number(certain) + Number(likely) + Number(ephemeral)).toBe(value);

    for (const dimension of ['os', 'version', 'certainty', 'event']) {
      const { body, least, most } = await ask<Answer>(`breakdown?dimension=${dimension}`);
      expectAll(body.total, least, most);
      expect(sum(body.rows, 'count'), dimension).toBe(body.total);
      expect(sum(body.rows, 'share'), dimension).toBeCloseTo(1);
    }

    const adoption = await ask<Answer>('adoption');
    const last = adoption.body.rows.slice(-4);
    expectAll(sum(last, 'people'), adoption.least, adoption.most);
    expect(sum(last, 'share')).toBeCloseTo(1);

    const retention = await ask<Answer>('retention?interval=month');
    const size = sum(
      retention.body.rows.filter(({ period }) => period === 0),
      'size',
    );
    expectAll(size, retention.least, retention.most);

    const quality = await ask<Figures>('quality');
    expectAll(quality.body['accepted'], quality.least, quality.most);
  }

  const senders = Array.from({ length: SENDERS }, send);
  try {
    // Before anybody is there, shares add up to nothing.
    await Promise.race([...senders, until('it has begun', () => acknowledged.length > 0)]);
    const deadline = Date.now() + 15_000;
    // A round in which nothing was counted, on a busy machine, shows less: it is asked again.
    for (let round = 0; round < ROUNDS;) {
      const before = counted;
      await askAll();
      if (counted > before) round += 1;
      expect(Date.now(), 'rounds in which more was counted').toBeLessThan(deadline);
    }
  } finally {
    isOver = true;
    await Promise.all(senders);
  }
  await until('everything is counted', async () => {
    return (await ask<Figures>('summary')).body['total_users'] === sent;
  });
});
