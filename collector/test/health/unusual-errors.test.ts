import { describe, expect, it } from 'vitest';
import { createFailureLog } from '../../src/logs/failure-log.js';
import { openLogTee } from '../../src/logs/log-tee.js';
import { createLogger } from '../../src/logs/logger.js';
import { withToken } from '../support/admin-token.js';
import { startCollector } from '../support/start-collector.js';

async function start() {
  const logTee = openLogTee({ write: () => undefined });
  const logger = createLogger('info', logTee);
  const collector = await startCollector({ logger, logTee });
  return {
    logger,
    get: async () => {
      const { body } = await collector.get('/health', withToken());
      return (body['warnings'] as Record<string, unknown>)['errors'];
    },
  };
}

describe('errors above their usual number', () => {
  it('are a warning of /health, with their number and the threshold', async () => {
    const { logger, get } = await start();
    for (let n = 0; n < 10; n++) logger.error('it failed');
    logger.warn('not an error');
    expect(await get()).toMatchObject({ state: 'ok', value: 10, threshold: 10, reason: null });
    logger.fatal('it failed');
    expect(await get()).toMatchObject({
      ...{ state: 'warning', value: 11, threshold: 10 },
      reason: expect.stringContaining('The log has 11 errors of the last hour') as string,
      hint: expect.stringContaining('headcount-collector logs --level error') as string,
    });
  });

  it('are counted one by one where a line tells of many', async () => {
    const { logger, get } = await start();
    const failures = createFailureLog({ logger });
    for (let n = 0; n < 1000; n++) failures.failed(new Error('full'), 'the disk failed');
    expect(await get()).toMatchObject({ state: 'ok', value: 1 });
    // Its next line, a minute later.
    failures.close();
    expect(await get()).toMatchObject({ state: 'warning', value: 1000 });
    failures.failed(new Error('full'), 'the disk failed');
    failures.ended('the disk failed', 'the disk works again');
    expect(await get()).toMatchObject({ value: 1001 });
    failures.close();
  });
});
