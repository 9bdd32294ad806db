import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/logs/logger.js';
import { withToken } from '../support/admin-token.js';
import { firstGenerationReport, fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';

const ID = 'planted0id0of0ada';
const ADDRESS = '203.0.113.77';

function everythingOnDisk(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    .join('\n');
}

describe('what a report leaves behind', () => {
  it('is neither its ID nor the address it came from, in the log or on disk', async () => {
    const collector = await startCollector();
    const send = async (
      method: 'GET' | 'POST' | 'DELETE',
      url: string,
      payload?: unknown,
    ): Promise<void> => {
      await collector.app.inject({
        method,
        url,
        remoteAddress: ADDRESS,
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': ADDRESS,
          'x-request-id': ID,
          'user-agent': ID,
          authorization: `Bearer ${ID}`,
        },
        ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
      });
    };
    await send('POST', '/v1/reports', fullReport({ anonymous_id: ID }));
    await send('POST', '/v1/reports', { reports: [fullReport({ anonymous_id: ID }), ID] });
    await send('POST', '/v1/reports', { ...fullReport({ anonymous_id: ID }), info: ID });
    await send('POST', '/statistics', firstGenerationReport({ anonymous_id: ID }));
    await send('POST', `/?action=statistics&id=${ID}`, firstGenerationReport({ project: [ID] }));
    await send('POST', '/v1/reports', ID);
    await send('GET', `/stats?project=${ID}`);
    await send('GET', `/stats?${ID}=1`);
    await send('GET', `/${ID}`);
    await send('GET', '/stats/recent');
    await send('GET', `/v1/users/${ID}?project=acme-cli`);
    await send('DELETE', `/v1/users/${ID}?project=${ID}`);

    expect((await collector.get('/stats')).body).toMatchObject({
      total_users: 1,
      total_reports: 3,
    });
    const shown = await Promise.all(
      ['/v1/logs?limit=1000', '/v1/logs/counts', '/logs?lines=2000', '/logs/stats'].map(
        async (url) => (await collector.get(url, withToken())).text,
      ),
    );
    const whileOpen = everythingOnDisk(collector.data);
    await collector.close();
    const log = collector.log();
    expect(log.split('\n').filter((line) => line.includes('"msg":"request"'))).toHaveLength(
      13 + shown.length,
    );
    for (const text of [log, ...shown, whileOpen, everythingOnDisk(collector.data)]) {
      expect(text).not.toContain(ID);
      expect(text).not.toContain(ADDRESS);
    }
  });

  it('is no message of an error, which can quote a report', () => {
    const described = describeError(new TypeError(`cannot read ${ID}\nof ${ID}`));
    expect(described).toMatchObject({ name: 'TypeError' });
    expect(JSON.stringify(described)).not.toContain(ID);
    expect(described['at']).not.toHaveLength(0);
  });

  it('is the message of SQLite, which does not', () => {
    const error = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
    expect(describeError(error)).toMatchObject({ code: 'SQLITE_IOERR', message: 'disk I/O error' });
  });
});
