import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/project/endpoint.js';
import { upload } from '../../src/sender/upload.js';
import type { Report } from '../../src/wire/report.js';
import { problem } from '../support/problem.js';
import { fakeHttp, networkError, type Respond, testSendParts } from '../support/send-parts.js';

const batch: Endpoint = { url: 'https://x/v1/reports', form: 'batch', implicit: false };
const single: Endpoint = { url: 'https://x/statistics', form: 'single', implicit: false };
// The cast: only ID and version matter here.
const report = (id: number, padding = '', version = '1.0.0'): Report =>
  ({ report_id: String(id), padding, info: { version } }) as unknown as Report;
const reports = (count: number): Report[] => Array.from({ length: count }, (_, at) => report(at));
const accepted: ReturnType<Respond> = {};

async function run(
  all: Report[],
  endpoint: Endpoint,
  respond: (ids: string[]) => ReturnType<Respond>,
  mayGoOn = () => true,
) {
  const http = fakeHttp((sent) => respond(sent.map(({ report_id }) => String(report_id))));
  const parts = testSendParts(http, { endpoint, version: '1.0.0' });
  const uploaded = await upload(all, { ...parts, retries: 0, mayGoOn, isRetired: false });
  return { ...uploaded, sizes: http.requests.map(({ length }) => length) };
}

describe('upload', () => {
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
      ids.length > 2 || ids.includes('5') ? problem(413, 'too_large') : accepted,
    );
    expect(sizes).toEqual([8, 4, 2, 2, 4, 2, 1, 1, 2]);
    expect(outcomes).toEqual([...Array<string>(5).fill('sent'), 'too-large', 'sent', 'sent']);
  });

  it('halves also what a stranger finds too large, but drops nothing for one', async () => {
    const { sizes, outcomes, error } = await run(reports(8), batch, () => ({ status: 413 }));
    expect(sizes).toEqual([8, 4, 2, 1]);
    expect(outcomes).toEqual(Array<string>(8).fill('queued'));
    expect(error).toBe('the collector answered 413');
  });

  it('takes the verdict on each report', async () => {
    const { outcomes, error } = await run(reports(3), batch, () => ({
      rejected: [
        { index: 0, code: 'x', path: '', retry: true },
        { index: 2, code: 'x', path: '', retry: false },
      ],
    }));
    expect(outcomes).toEqual(['queued', 'sent', 'refused']);
    expect(error).toMatch(/again/);
  });

  it('waits as long as the collector asks for some of the reports, and sends the others', async () => {
    const again = [{ index: 0, code: 'rate_limited', path: '/anonymous_id', retry: true }];
    const headers = { 'retry-after': '249' };
    const { sizes, outcomes, retryAfterMs } = await run(reports(501), batch, (ids) =>
      ids.length === 500 ? { rejected: again, headers } : accepted,
    );
    expect([sizes, outcomes[0], new Set(outcomes.slice(1))]).toEqual([
      [500, 1],
      'queued',
      new Set(['sent']),
    ]);
    expect(retryAfterMs).toBe(249_000);
    const later = await run(reports(501), batch, (ids) =>
      ids.length === 500
        ? { rejected: again, headers }
        : { status: 503, headers: { 'retry-after': '1' } },
    );
    expect(later).toMatchObject({ error: 'the collector answered 503', retryAfterMs: 249_000 });
  });

  it('waits for nothing if each report is acknowledged or dropped, whatever the answer says', async () => {
    const rejected = [{ index: 0, code: 'x', path: '', retry: false }];
    const headers = { 'retry-after': '249' };
    for (const answer of [{ headers }, { headers, rejected }]) {
      expect(await run(reports(2), batch, () => answer)).not.toHaveProperty('retryAfterMs');
    }
  });

  it('tries nothing more after the first failure', async () => {
    const failures: [() => ReturnType<Respond>, object][] = [
      [() => networkError('ECONNREFUSED'), { error: 'ECONNREFUSED' }],
      [
        () => ({ status: 503, headers: { 'retry-after': '7' } }),
        { error: 'the collector answered 503', retryAfterMs: 7_000 },
      ],
    ];
    for (const [failure, expected] of failures) {
      const { sizes, outcomes, ...rest } = await run(reports(600), batch, failure);
      expect(sizes).toEqual([500]);
      expect(new Set(outcomes)).toEqual(new Set(['queued']));
      expect(outcomes).toHaveLength(600);
      expect(rest).toEqual(expected);
    }
  });

  it('gives everything up where the collector wants nothing of this version any more', async () => {
    const retired = () => problem(410, 'project_closed');
    const { sizes, outcomes, isRetired } = await run(reports(600), batch, retired);
    expect([sizes, new Set(outcomes), isRetired]).toEqual([[500], new Set(['retired']), true]);
    const mixed = [report(1), report(2, '', '2.0.0'), report(3)];
    const { outcomes: each } = await run(mixed, batch, retired);
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
