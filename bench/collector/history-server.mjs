// @ts-check
// A collector that samples its performance as often as wanted, which no option of the command says:
// `node history-server.mjs PORT FOLDER EVERY_MS`
import { createLogger, openCollector } from '../../collector/dist/testing.js';

const [port, data = '', everyMs] = process.argv.slice(2);
const collector = await openCollector({
  ...{ data, logger: createLogger('silent', process.stdout), accessLog: 'off', logBytesLimit: 0 },
  samplePerformanceEveryMs: Number(everyMs),
});
await collector.app.listen({ port: Number(port), host: '127.0.0.1' });
process.once('SIGTERM', () => void collector.close());
