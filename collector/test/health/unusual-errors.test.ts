import { describe, expect, it } from 'vitest';
import { openLogTee } from '../../src/logs/log-tee.js';
import { createLogger } from '../../src/logs/logger.js';
import { withToken } from '../support/admin-token.js';
import { startCollector } from '../support/start-collector.js';

describe('errors above their usual number', () => {
  it('are a warning of /health, with their number and the threshold', async () => {
    const logTee = openLogTee({ write: () => undefined });
    const logger = createLogger('info', logTee);
    const { get } = await startCollector({ logger, logTee }).then((collector) => ({
      get: async () => {
        const { body } = await collector.get('/health', withToken());
        return (body['warnings'] as Record<string, unknown>)['errors'];
      },
    }));
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
});
