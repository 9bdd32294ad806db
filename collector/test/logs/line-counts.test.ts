import { expect, it } from 'vitest';
import { createLogger } from '../../src/logs/logger.js';
import { openLogTee } from '../../src/logs/log-tee.js';

it('counts lines by level and source', () => {
  const tee = openLogTee({ write: () => {} });
  const logger = createLogger('trace', tee);
  const jobs = logger.child({ source: 'jobs' });
  jobs.info('a job has run');
  jobs.info({ source: 'not a word of the program', job: 'x' }, 'another');
  jobs.warn('a job has failed');
  logger.child({ source: 'server' }).fatal('ended');
  logger.debug({ client: '"source":"made up"' }, 'without a source');
  expect(tee.counts.all).toEqual([
    { level: 'info', source: 'jobs', lines: 2 },
    { level: 'warn', source: 'jobs', lines: 1 },
    { level: 'fatal', source: 'server', lines: 1 },
    { level: 'debug', source: 'other', lines: 1 },
  ]);
});

it('keeps a bounded number of sources', () => {
  const tee = openLogTee({ write: () => {} });
  const logger = createLogger('info', tee);
  const word = (n: number): string => n.toString(2).replaceAll('0', 'a').replaceAll('1', 'b');
  for (let n = 0; n < 1000; n++) logger.child({ source: word(n) }).info('a line');
  expect(tee.counts.all.length).toBe(200);
});
