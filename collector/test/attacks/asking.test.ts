import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { openRaw } from '../support/raw-connection.js';
import { bearer, fullReport, ownerOf, PROOF } from '../support/reports.js';
import { until } from '../support/until.js';
import { batchOf, newPerson, startAttacked, times } from './start-attacked.js';

const MALLORY = '203.0.113.66';

describe('a stranger', () => {
  it('reads nothing that needs a token, in whatever format', async () => {
    const { report, send } = await startAttacked();
    await report('198.51.100.1', batchOf(times(30, () => newPerson())));
    for (const path of [
      '/v1/stats/breakdown?project=acme-cli&dimension=os',
      '/v1/stats/breakdown?project=acme-cli&dimension=os&format=csv',
      '/v1/stats/adoption?project=acme-cli&format=ndjson',
      '/v1/stats/retention?project=acme-cli',
      '/v1/stats/forecast?project=acme-cli&from=2024-04-01',
      '/v1/stats/recent?project=acme-cli',
      '/stats/recent',
      '/v1/stats/quality',
      '/v1/stats/projects',
      '/v1/projects',
    ]) {
      const { status, text } = await send(MALLORY, path);
      expect([path, status]).toEqual([path, 401]);
      expect(text).not.toContain('Linux');
    }
    const summary = JSON.parse((await send(MALLORY, '/stats?project=acme-cli')).text) as object;
    expect(summary).toMatchObject({ os_distribution: {}, version_distribution: {} });
    const health = JSON.parse((await send(MALLORY, '/health')).text) as object;
    expect(Object.keys(health)).toEqual(['status', 'timestamp', 'services']);
  });

  it('does not lock out a right token by 301 wrong ones', async () => {
    const { send } = await startAttacked();
    for (let n = 0; n < 301; n++) {
      const headers = withToken(`a-wrong-token-of-number-${n}`);
      expect([401, 429]).toContain((await send(MALLORY, '/v1/projects', { headers })).status);
    }
    // From the very address of who guesses.
    const { status } = await send(MALLORY, '/v1/projects', { headers: withToken() });
    expect(status).toBe(200);
  });

  it('does not lock out a person who wants to be forgotten', async () => {
    const { report, send } = await startAttacked();
    const mine = fullReport({ ...newPerson(), owner: ownerOf(PROOF) });
    await report('198.51.100.1', mine);
    const path = `/v1/users/${mine.anonymous_id}?project=acme-cli`;
    for (let n = 0; n < 80; n++) {
      expect([404, 429]).toContain((await send(MALLORY, path, { method: 'DELETE' })).status);
    }
    const sent = { method: 'DELETE', headers: bearer() } as const;
    expect((await send(MALLORY, path, sent)).status).toBe(202);
  });

  it('gets no giant answer, and costs no second', async () => {
    const { report, send, look } = await startAttacked(['--max-projects', '1000'], {
      HEADCOUNT_NEW_PROJECTS_LIMIT: '0',
      HEADCOUNT_VISIBILITY: 'detailed',
    });
    for (let n = 0; n < 80; n++) {
      const reports = times(50, (at) =>
        newPerson({ project: `${'p'.repeat(150)}${n}`, version: `1.${n}.${at}` }),
      );
      expect((await report(`198.51.${n}.1`, batchOf(reports))).status).toBe(202);
    }
    await look('/stats');
    for (const [path, most] of [
      ['/stats', 100_000],
      ['/stats?format=csv', 100_000],
      ['/v1/stats/projects', 400_000],
      ['/v1/projects?limit=1000', 2_000_000],
      ['/v1/stats/breakdown?dimension=version&limit=1000', 512_000],
    ] as const) {
      for (const headers of [{}, withToken()]) {
        const { text, ms } = await send(MALLORY, path, { headers });
        expect([path, text.length <= most, ms < 1000]).toEqual([path, true, true]);
      }
    }
  });

  it('does not use up the places of streams, nor memory, by 100 that are never read', async () => {
    const { report, send, url } = await startAttacked();
    await report('198.51.100.1', batchOf(times(50, () => newPerson())));
    const streams = await Promise.all(
      times(100, async (n) => {
        const raw = await openRaw(url);
        const head = `Host: a\r\nX-Forwarded-For: 203.0.113.${n}\r\n`;
        raw.write(`GET /v1/stats/live?project=acme-cli HTTP/1.1\r\n${head}\r\n`);
        await until('it is answered', () => raw.status() !== undefined);
        raw.socket.pause();
        return raw;
      }),
    );
    expect(streams.filter((raw) => raw.status() === 200).length).toBeGreaterThan(0);
    for (let n = 0; n < 20; n++) {
      expect((await report(`198.51.100.${n}`, newPerson())).status).toBe(202);
    }
    const health = await send('198.51.100.1', '/health');
    expect([health.status, health.ms < 1000]).toEqual([200, true]);
    const operator = await openRaw(url);
    const token = `Authorization: ${withToken().authorization}`;
    operator.write(
      `GET /v1/stats/live HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.250\r\n${token}\r\n\r\n`,
    );
    await until('the operator has a stream', () => operator.status() === 200);
    operator.socket.destroy();
    for (const { socket } of streams) socket.destroy();
  });
});
