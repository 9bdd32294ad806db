import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { ADDRESSES, writeCountryTable } from '../support/country-table.js';
import { createCountsV4, NOW_V4 } from '../support/counts-v4.js';
import { firstGenerationReport, fullReport, reportId } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startProcess } from '../support/start-process.js';
import { until } from '../support/until.js';

const BY_COUNTRY = '/v1/stats/breakdown?project=acme-cli&dimension=country';

/** Posts as a client with an address, perhaps through proxies. */
async function post(
  { app }: TestCollector,
  remoteAddress: string,
  body: object,
  { path = '/v1/reports', forwarded = '' } = {},
): Promise<void> {
  const answer = await app.inject({
    ...{ method: 'POST', url: path, remoteAddress, payload: body },
    headers: forwarded === '' ? {} : { 'x-forwarded-for': forwarded },
  });
  expect([answer.statusCode, answer.body]).toEqual([
    path === '/statistics' ? 200 : 202,
    answer.body,
  ]);
}

const of = (user: string, timestamp = '2026-11-22T20:58:00Z') =>
  fullReport({ anonymous_id: user, timestamp, report_id: reportId(Date.parse(timestamp)) });

async function countsOf(collector: TestCollector, query = ''): Promise<object> {
  const { body } = await collector.get(`${BY_COUNTRY}${query}`);
  const rows = body['rows'] as { value: string; count: number }[];
  return Object.fromEntries(rows.map(({ value, count }) => [value, count]));
}

describe('people by country', () => {
  it('count under the country of the address that their report came from, and that of a batch', async () => {
    const collector = await startCollector({ countryTable: [writeCountryTable()] });
    for (const [n, address] of Object.keys(ADDRESSES).entries()) {
      await post(collector, address, { reports: [of(`a-${n}`), of(`b-${n}`)] });
    }
    await post(collector, '203.0.113.9', firstGenerationReport(), { path: '/statistics' });
    const expected = { DE: 5, FR: 2, CH: 2, JP: 2, unknown: 6 };
    expect(await countsOf(collector)).toEqual(expected);
    const { body } = await collector.get(
      '/v1/stats/timeseries?project=acme-cli&group_by=country&from=2026-11-22',
    );
    const rows = body['rows'] as { group: string; value: number }[];
    expect(Object.fromEntries(rows.map(({ group, value }) => [group, value]))).toEqual(expected);
    const adoption = await collector.get('/v1/stats/adoption?project=acme-cli&dimension=country');
    expect(adoption.body['values']).toContainEqual(expect.objectContaining({ value: 'DE' }));
    const own = await collector.get('/v1/users/a-0?project=acme-cli', withToken());
    expect(own.body['counted_as']).toMatchObject([{ facts: { country: 'DE' } }]);
    const days = await collector.get('/v1/export?what=days', withToken());
    expect(days.text.match(/"country":"DE"/g)).toHaveLength(5);
    // The country costs nothing of the twenty new values that a network may bring.
    const quality = await collector.get('/v1/stats/quality?project=acme-cli');
    expect(quality.body['values_over_limit']).toBe(0);
  });

  it('are those of the client behind trusted proxies, and of the proxy where it is not trusted', async () => {
    const table = [writeCountryTable()];
    const trusting = await startCollector({ countryTable: table, trustedProxies: ['127.0.0.1'] });
    await post(trusting, '127.0.0.1', of('ada'), { forwarded: '198.51.100.9, 203.0.113.7' });
    expect(await countsOf(trusting)).toEqual({ DE: 1 });
    const wary = await startCollector({ countryTable: table });
    await post(wary, '198.51.100.9', of('ada'), { forwarded: '203.0.113.7' });
    expect(await countsOf(wary)).toEqual({ FR: 1 });
  });

  it('have one country a day, that of its first report, and each of a window’s', async () => {
    const collector = await startCollector({ countryTable: [writeCountryTable()] });
    await post(collector, '203.0.113.7', of('ada', '2026-11-21T10:00:00Z'));
    await post(collector, '198.51.100.9', of('ada', '2026-11-22T10:00:00Z'));
    await post(collector, '2001:db8::1', of('ada', '2026-11-22T11:00:00Z'));
    expect(await countsOf(collector, '&window=1d')).toEqual({ FR: 1 });
    expect(await countsOf(collector, '&window=7d')).toEqual({ DE: 1, FR: 1 });
    expect((await collector.get(`${BY_COUNTRY}&window=7d`)).body['total']).toBe(1);
  });

  it('are unknown and never looked up without a table, whatever a report says of itself', async () => {
    const collector = await startCollector();
    const report = of('ada');
    await post(collector, '203.0.113.7', { ...report, info: { ...report.info, country: 'DE' } });
    expect(await countsOf(collector)).toEqual({ unknown: 1 });
    expect((await collector.get(BY_COUNTRY)).body['people_since']).toBeNull();
    expect((await collector.stranger('/')).body).not.toHaveProperty('derived');
    const derived = await startCollector({ countryTable: [writeCountryTable()] });
    await post(derived, '203.0.113.7', { ...report, info: { ...report.info, country: 'FR' } });
    expect(await countsOf(derived)).toEqual({ DE: 1 });
    expect((await derived.stranger('/')).body['derived']).toEqual([
      expect.objectContaining({ dimension: 'country' }),
    ]);
  });

  it('are unknown of the time before, which answers say, also after a restart', async () => {
    let now = new Date('2026-11-22T21:00:00Z');
    const options = { data: temporaryFolder(), now: () => now };
    const countryTable = [writeCountryTable()];
    const without = await startCollector(options);
    await post(without, '203.0.113.7', of('ada'));
    await without.close();
    now = new Date('2026-11-23T21:00:00Z');
    const collector = await startCollector({ ...options, countryTable });
    await post(collector, '203.0.113.7', of('bob', '2026-11-23T20:00:00Z'));
    // It was made when no country was looked up, and it came when one was.
    await post(collector, '198.51.100.9', of('eve', '2026-11-20T20:00:00Z'));
    expect(await countsOf(collector)).toEqual({ DE: 1, FR: 1, unknown: 1 });
    const since = async (asked: TestCollector, query: string): Promise<unknown> =>
      (await asked.get(`${BY_COUNTRY}${query}`)).body['people_since'];
    expect(await since(collector, '&window=1d')).toBe('2026-11-24');
    await collector.close();
    // In Tokyo, 24 November had begun before the day by UTC was over.
    const tokyo = await startCollector({ ...options, timezone: 'Asia/Tokyo' });
    expect(await since(tokyo, '&window=1d')).toBe('2026-11-25');
    await tokyo.close();
    now = new Date('2026-11-24T21:00:00Z');
    const later = await startCollector(options);
    expect(await since(later, '&window=1d')).toBeUndefined();
    expect(await since(later, '&window=2d')).toBe('2026-11-24');
    const series = await later.get('/v1/stats/timeseries?project=acme-cli&group_by=country');
    expect(series.body['people_since']).toBe('2026-11-24');
    const adoption = await later.get('/v1/stats/adoption?project=acme-cli&dimension=country');
    expect(adoption.body['people_since']).toBe('2026-11-24');
  });

  it('are unknown in the counts of an older release', async () => {
    const data = temporaryFolder();
    createCountsV4(data);
    const collector = await startCollector({ data, now: () => NOW_V4 });
    expect(Object.keys(await countsOf(collector))).toEqual(['unknown']);
    expect((await collector.get(BY_COUNTRY)).body['people_since']).toBeNull();
  });

  it('are shown to the public under detailed alone, in groups of at least ten', async () => {
    let now = new Date('2026-11-21T12:00:00Z');
    const collector = await startCollector({
      ...{ now: () => now, visibility: 'detailed' as const },
      countryTable: [writeCountryTable()],
    });
    const crowd = async (people: number, address: string): Promise<void> => {
      const reports = Array.from({ length: people }, (_, n) =>
        of(`${address}-${n}`, '2026-11-21T11:00:00Z'),
      );
      await post(collector, address, { reports });
    };
    await crowd(14, '203.0.113.7');
    await crowd(12, '198.51.100.9');
    await crowd(3, '2001:db8::1');
    now = new Date('2026-11-22T12:00:00Z');
    const { status, text, body } = await collector.stranger(BY_COUNTRY);
    expect(status).toBe(200);
    expect(text).not.toContain('JP');
    for (const { count } of body['rows'] as { count: number }[]) expect(count).toBeGreaterThan(9);
    const summary = await startCollector({ countryTable: [writeCountryTable()] });
    expect((await summary.stranger(BY_COUNTRY)).status).toBe(401);
  });
});

describe('a table of countries in use', () => {
  it('is replaced by its next edition, and kept where that is broken, with one warning', async () => {
    const file = writeCountryTable(['203.0.113.0/24,DE']);
    const collector = await startCollector({ countryTable: [file], checkCountryTableEveryMs: 20 });
    const replace = (content: string): void => {
      writeFileSync(`${file}.new`, content);
      renameSync(`${file}.new`, file);
    };
    let people = 0;
    const countryNow = async (): Promise<unknown> => {
      const user = `user-${people++}`;
      await post(collector, '203.0.113.7', of(user));
      const { body } = await collector.get(`/v1/users/${user}?project=acme-cli`, withToken());
      const [counted] = body['counted_as'] as { facts: Record<string, string> }[];
      return counted?.facts['country'];
    };
    const warnings = () => collector.log().match(/"code":"country_table_malformed"/g) ?? [];
    expect(await countryNow()).toBe('DE');
    replace('203.0.113.0/24,FR\n');
    await until('the next edition is read', async () => (await countryNow()) === 'FR');
    replace('203.0.113.0/24,Germany\n');
    await until('the broken one is found', () => warnings().length > 0);
    expect(await countryNow()).toBe('FR');
    replace('203.0.113.0/24,JP\n');
    await until('the mended one is read', async () => (await countryNow()) === 'JP');
    expect(warnings()).toHaveLength(1);
    expect(collector.log()).toContain('"why":');
  });

  it('that cannot be used ends the start with its option, and leaves no data folder', async () => {
    const broken = writeCountryTable(['203.0.113.0/24,Germany']);
    const data = join(temporaryFolder(), 'data');
    for (const [table, why] of [
      [broken, 'line 1 is neither start,end,CC nor prefix/bits,CC'],
      [join(broken, 'none'), 'there is no such file'],
    ] as const) {
      const args = ['serve', '--port', '0', '--data', data, '--country-table', table];
      const { ended, stderr } = await startProcess(args, {});
      expect(await ended).toBe(1);
      expect(stderr()).toContain(
        '--country-table (or HEADCOUNT_COUNTRY_TABLE) must be files with commas between',
      );
      expect(stderr()).toContain(`given: "${table}": ${why}.`);
      expect(readdirSync(join(data, '..'))).toEqual([]);
    }
  });
});

describe('the address of a client', () => {
  const IPV4 = '203.0.113.77';
  const IPV6 = '2001:db8:6a1f:93c2:48e5:7b3d:a19c:f064';

  const everythingOnDisk = (folder: string): Buffer[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));

  it('goes into no file and no line of the log, in any form, though its country is counted', async () => {
    const collector = await startCollector({
      countryTable: [writeCountryTable()],
      trustedProxies: ['10.0.0.1'],
    });
    for (const [n, address] of [IPV4, `::ffff:${IPV4}`, IPV6].entries()) {
      await post(collector, address, of(`direct-${n}`));
      await post(collector, '10.0.0.1', of(`behind-${n}`), { forwarded: address });
      await post(collector, address, {
        reports: [of(`direct-${n}`), { nonsense: address.length }],
      });
    }
    await collector.get('/stats');
    const whileOpen = everythingOnDisk(collector.data);
    expect(await countsOf(collector)).toEqual({ DE: 4, JP: 2 });
    await collector.close();
    const forms = [
      ...[IPV4, IPV6, '6a1f:93c2', 'cb00:714d', '203.0.113'].map((text) => Buffer.from(text)),
      Buffer.from(IPV6.replaceAll(':', '')),
      // The bits of the host part and of the whole address.
      Buffer.from('48e57b3da19cf064', 'hex'),
      Buffer.from('6a1f93c2', 'hex'),
      Buffer.from([203, 0, 113, 77]),
      Buffer.from([77, 113, 0, 203]),
    ];
    const written = [
      Buffer.from(collector.log()),
      ...whileOpen,
      ...everythingOnDisk(collector.data),
    ];
    expect(written.length).toBeGreaterThan(5);
    for (const form of forms) {
      expect([form.toString('hex'), written.some((file) => file.includes(form))]).toEqual([
        ...[form.toString('hex'), false],
      ]);
    }
  });
});
