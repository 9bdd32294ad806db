import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector } from '../support/start-collector.js';

const QUESTIONS = [
  'summary',
  'recent',
  'quality',
  'retention?interval=day&from=2026-11-21',
  'adoption?from=2026-11-22',
  'growth?from=2026-11-22',
  'support?dimension=version',
  'forecast?from=2026-11-21',
  'annotations?from=2026-11-21',
  'silence',
  'breakdown?dimension=os',
  'breakdown?dimension=event',
  'timeseries?from=2026-11-22',
  'timeseries?from=2026-11-22&window=60d',
  'timeseries?from=2026-11-22&metric=new',
  'timeseries?from=2026-11-22&metric=reports',
  'timeseries?from=2026-11-22&population=ci',
  'timeseries?from=2026-11-22&group_by=os',
  'timeseries?from=2026-11-22&group_by=event&metric=reports',
];

it('the head of CSV is what rows have, and the same where there are none', async () => {
  const collector = await startCollector();
  const ask = async (question: string, format: string): Promise<string[]> => {
    const url = `/v1/stats/${question}${question.includes('?') ? '&' : '?'}format=${format}`;
    const { status, text } = await collector.get(url);
    expect(status).toBe(200);
    return text.trimEnd().split(/\r?\n/);
  };
  const heads = async (): Promise<Record<string, string | undefined>> =>
    Object.fromEntries(
      await Promise.all(QUESTIONS.map(async (one) => [one, (await ask(one, 'csv'))[0]] as const)),
    );
  const empty = await heads();
  await reportVisits(collector, [{ user: 'ada', at: '2026-11-22' }]);
  await collector.post(
    '/v1/projects/acme-cli/annotations',
    { date: '2026-11-22', text: 'A note' },
    withToken(),
  );
  expect(await heads()).toEqual(empty);
  for (const question of QUESTIONS) {
    const [row = '{}'] = await ask(question, 'ndjson');
    const names = Object.keys(JSON.parse(row) as object);
    expect([question, empty[question]]).toEqual([question, names.join(',')]);
  }
});
