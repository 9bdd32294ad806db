// A collector in a process of its own, which can be killed, by options that the command does not have.
const { createLogger, openCollector } = await import(
  new URL('../../../dist/testing.js', import.meta.url).href
);
const now = () => new Date();
const { app } = await openCollector({
  logger: createLogger('error', process.stderr, now),
  ...JSON.parse(process.argv[2]),
});
console.log(`It listens on ${await app.listen({ port: 0, host: '127.0.0.1' })}`);
