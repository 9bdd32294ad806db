// A collector in a process of its own, whose monotonic clock skips what it is told to.
import { fileURLToPath } from 'node:url';
import pino from 'pino';

const { port, metricsPort, ...options } = JSON.parse(process.argv[2] ?? '{}');
const testing = fileURLToPath(new URL('../../../dist/testing.js', import.meta.url));
const { openCollector } = await import(testing);

let skippedMs = 0;
process.on('message', ({ skipMs }) => (skippedMs += skipMs));
const logger = pino({ formatters: { level: (level) => ({ level }) } });
const collector = await openCollector({
  ...options,
  logger,
  adminToken: 'the-administrator-of-tests',
  monotonicMs: () => performance.now() + skippedMs,
  maxClockJumpMs: Infinity,
  checkHealthEveryMs: 200,
});
await collector.app.listen({ port, host: '127.0.0.1' });
collector.createMetricsServer([]).listen(metricsPort, '127.0.0.1', () => logger.info('it listens'));
