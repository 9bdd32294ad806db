import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/project/endpoint.js';
import { deliver } from '../../src/sender/upload.js';
import type { Delivery } from '../../src/sender/verdict.js';
import type { Report, ReportBatch } from '../../src/wire/report.js';

const batch: Endpoint = { url: 'https://x/v1/reports', form: 'batch', implicit: false };
const single: Endpoint = { url: 'https://x/statistics', form: 'single', implicit: false };
// The cast: only ID and version matter here.
const report = (id: number, padding = '', version = '1.0.0'): Report =>
  ({ report_id: String(id), padding, info: { version } }) as unknown as Report;
const reports = (count: number): Report[] => Array.from({ length: count }, (_, at) => report(at));
const accepted: Delivery = { kind: 'accepted', rejected: [] };

async function run(
  all: Report[],
  endpoint: Endpoint,
  answer: (ids: string[]) => Delivery,
  mayGoOn = () => true,
) {
  const requests: string[][] = [];
  const delivered = await deliver(all, {
    endpoint,
    version: '1.0.0',
    now: () => 0,
    retries: 0,
    mayGoOn,
    post: async (body) => {
      const json = JSON.parse(body) as ReportBatch | Report;
      const ids = ('reports' in json ? json.reports : [json]).map(({ report_id }) => report_id);
      requests.push(ids);
      return answer(ids);
    },
  });
  return { ...delivered, sizes: requests.map((ids) => ids.length), requests };
}

describe('deliver', () => {
  it('puts 500 reports into a request, and one to a collector of the first generation', async () => {
    expect((await run(reports(1_200), batch, () => accepted)).sizes).toEqual([500, 500, 200]);
    expect((await run(reports(3), single, () => accepted)).sizes).toEqual([1, 1, 1]);
  });

  it('puts 256 KiB into a request at most', async () => {
    const large = Array.from({ length: 10 }, (_, at) => report(at, 'x'.repeat(60_000)));
    expect((await run(large, batch, () => accepted)).sizes).toEqual([4, 4, 2]);
  });

  it('halves what is too large until it fits, and gives up a report that never does', async () => {
    const { sizes, outcomes } = await run(reports(8), batch, (ids) =>
      ids.length > 2 || ids.includes('5') ? { kind: 'too-large' } : accepted,
    );
    expect(sizes).toEqual([8, 4, 2, 2, 4, 2, 1, 1, 2]);
    expect(outcomes).toEqual([...Array<string>(5).fill('sent'), 'too-large', 'sent', 'sent']);
  });

  it('takes the verdict on each report', async () => {
    const { outcomes, error } = await run(reports(3), batch, () => ({
      kind: 'accepted',
      rejected: [
        { index: 0, code: 'x', path: '', retry: true },
        { index: 2, code: 'x', path: '', retry: false },
      ],
    }));
    expect(outcomes).toEqual(['queued', 'sent', 'refused']);
    expect(error).toMatch(/again/);
  });

  it('tries nothing more after the first failure', async () => {
    const failure: Delivery = { kind: 'retry', error: 'ECONNREFUSED', retryAfterMs: 7 };
    const { sizes, outcomes, ...rest } = await run(reports(600), batch, () => failure);
    expect(sizes).toEqual([500]);
    expect(new Set(outcomes)).toEqual(new Set(['queued']));
    expect(outcomes).toHaveLength(600);
    expect(rest).toMatchObject({ error: 'ECONNREFUSED', retryAfterMs: 7 });
  });

  it('gives everything up where the collector wants nothing of this version any more', async () => {
    const { sizes, outcomes, isRetired } = await run(reports(600), batch, () => ({
      kind: 'retired',
    }));
    expect([sizes, new Set(outcomes), isRetired]).toEqual([[500], new Set(['retired']), true]);
    const mixed = [report(1), report(2, '', '2.0.0'), report(3)];
    const { outcomes: each } = await run(mixed, batch, () => ({ kind: 'retired' }));
    expect(each).toEqual(['retired', 'queued', 'retired']);
  });

  it('sends no further request once it may not, and keeps the rest', async () => {
    let requests = 0;
    const { sizes, outcomes, error } = await run(
      reports(1_200),
      batch,
      () => ((requests += 1), accepted),
      () => requests < 1,
    );
    expect([sizes, error]).toEqual([[500], undefined]);
    expect(outcomes).toEqual([
      ...Array<string>(500).fill('sent'),
      ...Array<string>(700).fill('queued'),
    ]);
  });
});
