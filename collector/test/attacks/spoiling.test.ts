import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { batchOf, newPerson, startAttacked, times } from './start-attacked.js';

const MALLORY = '203.0.113.66';
const honest = (n: number): string => `198.51.100.${n}`;

type Rows = readonly { readonly value: string; readonly count: number }[];

describe('one client', () => {
  it('does not fill the versions of a project in three requests', async () => {
    const { report, look } = await startAttacked();
    expect((await report(honest(1), newPerson({ version: '2.9.0' }))).status).toBe(202);
    for (let n = 0; n < 3; n++) {
      const reports = times(500, (at) => newPerson({ version: `9.${n}.${at}` }));
      expect([202, 429]).toContain((await report(MALLORY, batchOf(reports))).status);
    }
    for (let n = 1; n <= 20; n++) {
      expect((await report(honest(n), newPerson({ version: '3.0.0' }))).status).toBe(202);
    }
    const { rows } = await look(
      '/v1/stats/breakdown?project=acme-cli&dimension=version&limit=1000',
    );
    const versions = rows as Rows;
    expect(versions.find(({ value }) => value === '3.0.0')).toMatchObject({ count: 20 });
    // 20 unknown values a day and client, the two honest ones, and what is beyond.
    expect(versions.length).toBeLessThanOrEqual(20 + 2 + 1);
    // Nobody is lost: a count stays a count.
    const all = versions.reduce((sum, { count }) => sum + count, 0);
    expect(await look('/v1/stats/summary?project=acme-cli')).toMatchObject({ total_users: all });
  });

  it('brings no value that no version or system looks like', async () => {
    const { report, look } = await startAttacked();
    const words = ['buy our pills', '<script>', 'https://evil.example', '=cmd()', '🙂'];
    for (const version of words) await report(MALLORY, newPerson({ version }));
    const { rows } = await look('/v1/stats/breakdown?project=acme-cli&dimension=version');
    expect((rows as Rows).map(({ value }) => value)).toEqual(['other']);
  });

  it('does not use up the projects', async () => {
    const { report, look } = await startAttacked(['--max-projects', '100']);
    for (let n = 0; n < 2; n++) {
      await report(MALLORY, batchOf(times(500, (at) => newPerson({ project: `p${n}-${at}` }))));
    }
    for (let at = 0; at < 100; at++) await report(MALLORY, newPerson({ project: `q${at}` }));
    expect((await report(honest(1), newPerson({ project: 'honest' }))).status).toBe(202);
    expect(await look('/v1/stats/summary?project=honest')).toMatchObject({ total_users: 1 });
  });

  it('does not make the collector believe that half a billion reports were lost', async () => {
    const { report, look } = await startAttacked();
    const reports = times(500, () => newPerson({ lost_total: 1_000_000 }));
    expect((await report(MALLORY, batchOf(reports))).status).toBe(202);
    const { reports_lost: lost } = await look('/v1/stats/summary?project=acme-cli');
    expect(Number(lost)).toBeLessThanOrEqual(1_000_000);
  });

  it('does not make 66 666 people in 12 seconds, and stops nobody else', async () => {
    const { report, look } = await startAttacked();
    const statuses = new Map<number, number>();
    for (let n = 0; n < 134; n++) {
      const { status, headers } = await report(MALLORY, batchOf(times(500, () => newPerson())));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status !== 429) continue;
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(statuses.get(429)).toBeGreaterThan(100);
    const project = await look('/v1/stats/summary?project=acme-cli');
    // What one address may bring in an hour; a company behind one brings less.
    expect(project['total_users']).toBeLessThanOrEqual(10_000);
    expect((await report(honest(1), newPerson())).status).toBe(202);
    // A burst is marked, and not left out.
    const today = new Date().toISOString().slice(0, 10);
    expect(project['unusual']).toEqual([today]);
    expect(Number(project['daily_active_users'])).toBeGreaterThan(500);
  });

  it('pays for what a few bytes inflate to', async () => {
    const { send, look } = await startAttacked();
    const one = { anonymous_id: 'a', timestamp: '2026-11-22', project: 'p', info: { os: 'Linux' } };
    const body = brotliCompressSync(JSON.stringify({ reports: times(500, () => one) }));
    expect(body.length).toBeLessThan(200);
    const headers = { 'content-encoding': 'br' };
    const startedAt = performance.now();
    let accepted = 0;
    for (let n = 0; n < 200; n++) {
      const { status, text } = await send(MALLORY, '/v1/reports', { body, headers });
      if (status === 202) accepted += (JSON.parse(text) as { accepted: number }).accepted;
      else expect([422, 429]).toContain(status);
    }
    // 12 000 a minute, which come back bit by bit; 100 000 if only requests were limited.
    const minutes = (performance.now() - startedAt) / 60_000;
    expect(accepted).toBeLessThanOrEqual(12_000 * (1 + minutes));
    const { total_reports: total } = await look('/v1/stats/summary?project=p');
    expect(total).toBe(accepted);
  });
});

describe('a client with 65 536 networks of 64 bits, as providers give them to everybody', () => {
  const mallory = (n: number): string => `2001:db8:aaaa:${(n % 65_536).toString(16)}::1`;

  it('is one client to every limit', async () => {
    const { report, look, send } = await startAttacked(['--max-projects', '1000']);
    for (let n = 0; n < 60; n++) {
      const reports = times(20, (at) => newPerson({ version: `9.${n}.${at}` }));
      expect((await report(mallory(n), batchOf(reports))).status).toBe(202);
      await report(mallory(n), newPerson({ project: `made-up-${n}` }));
    }
    for (let n = 0; n < 24; n++) await report(mallory(n), batchOf(times(500, () => newPerson())));
    const { status } = await report(mallory(7), batchOf(times(500, () => newPerson())));
    expect(status).toBe(429);
    for (let n = 1; n <= 12; n++) {
      expect((await report(honest(n), newPerson({ version: '3.0.0' }))).status).toBe(202);
    }
    expect((await report(honest(1), newPerson({ project: 'honest' }))).status).toBe(202);
    const { rows } = await look(
      '/v1/stats/breakdown?project=acme-cli&dimension=version&limit=1000',
    );
    const versions = rows as Rows;
    expect(versions.find(({ value }) => value === '3.0.0')).toMatchObject({ count: 12 });
    expect(versions.length).toBeLessThanOrEqual(20 + 1 + 1 + 1);
    const { projects } = await look('/v1/projects');
    // Ten of a client, acme-cli among them, and the honest one.
    expect(projects).toHaveLength(10 + 1);
    const wrong = { headers: { authorization: 'Bearer wrong-token-wrong-token' } };
    const statuses = new Set<number>();
    for (let n = 0; n < 200; n++) {
      statuses.add((await send(mallory(n), '/v1/stats/recent', wrong)).status);
    }
    expect([...statuses]).toEqual([401, 429]);
    expect((await send(honest(1), '/v1/stats/recent', wrong)).status).toBe(401);
  });

  it('is the IPv4 address behind it, where IPv6 embeds one', async () => {
    const { report } = await startAttacked(['--rate-limit', '2']);
    for (const n of [1, 2]) {
      expect((await report(`2002:cb00:7142:${n}::1`, newPerson())).status).toBe(202);
    }
    for (const same of [MALLORY, '64:ff9b::203.0.113.66', '2002:cb00:7142:9::', '::ffff:cb00:7142'])
      expect((await report(same, newPerson())).status).toBe(429);
    expect((await report('2002:cb00:7143::1', newPerson())).status).toBe(202);
  });
});

describe('fifty clients together', () => {
  it('do not fill the versions of a project in a day', async () => {
    const { report, look } = await startAttacked();
    for (let n = 0; n < 50; n++) {
      const reports = times(20, (at) => newPerson({ version: `9.${n}.${at}` }));
      expect((await report(`203.0.113.${n}`, batchOf(reports))).status).toBe(202);
    }
    for (let n = 1; n <= 12; n++) {
      expect((await report(honest(n), newPerson({ version: '3.0.0' }))).status).toBe(202);
    }
    const { rows } = await look(
      '/v1/stats/breakdown?project=acme-cli&dimension=version&limit=1000',
    );
    const versions = rows as Rows;
    expect(versions.find(({ value }) => value === '3.0.0')).toMatchObject({ count: 12 });
  });
});

describe('an address in a header', () => {
  it('gives nobody a limit for each port, and joins no clients that are not one', async () => {
    const { report } = await startAttacked(['--rate-limit', '2']);
    for (let port = 5001; port <= 5002; port++) {
      expect((await report(`203.0.113.1:${port}`, newPerson())).status).toBe(202);
    }
    expect((await report('203.0.113.1:5003', newPerson())).status).toBe(429);
    for (let n = 2; n < 60; n++) {
      for (const words of [`(null), 203.0.113.${n}`, `203.0.113.${n}, unknown`]) {
        expect((await report(words, newPerson())).status).toBe(202);
      }
      expect((await report(`_hidden, [::ffff:203.0.113.${n}]:80`, newPerson())).status).toBe(429);
    }
  });

  it('does not make a client one of this machine, which has no limit', async () => {
    const { report } = await startAttacked(['--rate-limit', '2']);
    for (const local of ['127.0.0.1', '::1', '127.9.9.9', '[::1]:80', '::ffff:127.0.0.1']) {
      const statuses = [];
      for (let n = 0; n < 4; n++) statuses.push((await report(local, newPerson())).status);
      expect([local, statuses]).toEqual([local, expect.arrayContaining([429])]);
    }
  });

  it('from a peer that nobody has named counts for nothing, and is shown at once', async () => {
    const { report, look } = await startAttacked([
      '--trusted-proxies',
      '10.0.0.1',
      '--rate-limit',
      '5',
    ]);
    const statuses = [];
    for (let n = 0; n < 8; n++) statuses.push((await report(`203.0.113.${n}`, newPerson())).status);
    expect(statuses.slice(5)).toEqual([429, 429, 429]);
    expect(await look('/health')).toMatchObject({ warnings: { proxy: { state: 'warning' } } });
  });
});
