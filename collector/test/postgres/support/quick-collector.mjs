// A collector in a process of its own that looks often at what is due. Its options come as JSON.
import { fileURLToPath } from 'node:url';

const testing = fileURLToPath(new URL('../../../dist/testing.js', import.meta.url));
const { createLogger, openCollector } = await import(testing);

const collector = await openCollector({
  ...JSON.parse(process.argv[2] ?? '{}'),
  logger: createLogger('error', process.stderr),
  adminToken: process.env.HEADCOUNT_ADMIN_TOKEN,
});
process.stdout.write(`listens on ${await collector.app.listen({ port: 0, host: '127.0.0.1' })}\n`);
