import { createServer } from 'node:http';
import { createHeadcount } from 'headcount';

const headcount = createHeadcount({
  packageJson: import.meta.url,
  events: { first_greeting: { description: 'The server answered its first request.' } },
});
headcount.track();

let hasGreeted = false;
const server = createServer((request, response) => {
  if (!hasGreeted) headcount.track('first_greeting');
  hasGreeted = true;
  response.end('Hello, world!\n');
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port} greets. Ctrl-C ends it.`);
});

async function end() {
  server.close();
  const { sent, queued } = await headcount.close({ timeoutMs: 2_000 });
  console.log(`Telemetry: ${sent} sent, ${queued} kept for the next run.`);
}
process.once('SIGTERM', end);
process.once('SIGINT', end);
