import v8 from 'node:v8';
import vm from 'node:vm';
import type { Worker } from 'node:worker_threads';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLogger } from '../../src/logs/logger.js';
import { THREADS } from '../support/die.js';
import { noteWorkers } from '../support/note-workers.js';
import { firstGenerationReport, fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';
import { heapMegabytes as threadMegabytes } from '../support/worker-heap.js';

/** `FUZZ_SEED` and `FUZZ_INPUTS` look further than CI does; a failure names its seed. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122);
const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 100_000);
const AT_ONCE = 50;

interface Input {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Words that have meant something to a parser somewhere. */
const odd = fc.constantFrom<unknown>(
  null,
  '',
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  -0,
  2 ** 53,
  -1,
  0.1,
  '1e999',
  [],
  {},
  [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],
  'x'.repeat(10_000),
  '9999-99-99T99:99:99.999Z',
  '2026-11-22T23:59:60Z',
  '+275760-09-13T00:00:00.000Z',
  '../../etc/passwd',
  '=cmd()',
  true,
);
const value = fc.oneof(
  { weight: 3, arbitrary: odd },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  { weight: 1, arbitrary: fc.anything({ withNullPrototype: true, maxDepth: 3 }) },
);

/** A report of which some places are something else. */
const report = fc
  .tuple(
    fc.constantFrom(
      () => ({ ...fullReport(), fields: { bundler: 'vite' } }),
      () => firstGenerationReport() as Record<string, unknown>,
    ),
    fc.array(fc.tuple(fc.nat(), value), { maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(), value), { maxLength: 2 }),
    fc.option(fc.tuple(fc.string({ unit: 'binary', maxLength: 20 }), value)),
    fc.constantFrom('acme-cli', '@acme/cli', '../..', 'CON', '🦊', 'x'.repeat(214)),
  )
  .map(([make, changes, infoChanges, extra, project]) => {
    const made = make();
    const info = { ...(made['info'] as Record<string, unknown>) };
    change(info, infoChanges);
    const all: Record<string, unknown> = { ...made, project, info };
    // Projects are bounded, and one too many is answered 503: it stays what it is.
    change(all, changes, ['project']);
    if (extra) all[extra[0]] = extra[1];
    return all;
  });

function change(
  record: Record<string, unknown>,
  changes: readonly (readonly [number, unknown])[],
  except: readonly string[] = [],
): void {
  const names = Object.keys(record).filter((name) => !except.includes(name));
  for (const [at, to] of changes) {
    const name = names[at % names.length];
    if (name !== undefined) record[name] = to;
  }
}

const json = fc
  .oneof(
    { weight: 5, arbitrary: report },
    {
      weight: 3,
      arbitrary: fc.record({ sent_at: value, reports: fc.array(report, { maxLength: 4 }) }),
    },
    { weight: 1, arbitrary: fc.record({ reports: value }) },
    { weight: 1, arbitrary: value },
  )
  .map((body) => Buffer.from(stringify(body)));

/** As JSON has it; a value that has none, such as a function or a bigint, as text. */
function stringify(body: unknown): string {
  return (
    JSON.stringify(body, (_, inner: unknown) =>
      typeof inner === 'bigint' ? String(inner) : inner,
    ) ?? 'undefined'
  );
}

/** Bytes that are no JSON any more, or another one. */
const damaged = fc
  .tuple(json, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(3))
  .map(([bytes, flips, how]) => {
    const copy = Buffer.from(bytes);
    for (const [at, byte] of flips) if (copy.length > 0) copy[at % copy.length] = byte;
    const [[at] = [0]] = flips;
    const cut = copy.length === 0 ? 0 : at % copy.length;
    if (how === 0) return copy.subarray(0, cut);
    if (how === 1) return Buffer.concat([copy, copy.subarray(cut)]);
    // A second value for a key that is there already.
    if (how === 2) return Buffer.concat([Buffer.from('{"project":1,"info":[],'), copy.subarray(1)]);
    return copy;
  });

const body = fc.oneof(
  { weight: 5, arbitrary: json },
  { weight: 3, arbitrary: damaged },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
);

const input: fc.Arbitrary<Input> = fc
  .record({
    url: fc.constantFrom('/v1/reports', '/v1/reports', '/statistics', '/?action=statistics'),
    type: fc.oneof(
      { weight: 12, arbitrary: fc.constant('application/json') },
      { weight: 1, arbitrary: fc.constantFrom('text/plain', 'a', '') },
    ),
    encoding: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('', '', 'gzip', 'br') },
      { weight: 1, arbitrary: fc.constantFrom('torn', 'gzip, br', 'zstd', 'lie') },
    ),
    key: fc.constantFrom('', '', 'Bearer x', 'Bearer', 'Basic \u00ff'),
    body,
  })
  .map(({ url, type, encoding, key, body: plain }) => ({
    url,
    body: packed(plain, encoding),
    headers: {
      ...(type !== '' && { 'content-type': type }),
      ...(key !== '' && { authorization: key }),
      ...(encoding !== '' && {
        'content-encoding': CLAIMED[encoding] ?? encoding,
      }),
    },
  }));

/** What a body says it is packed with, where that is not so. */
const CLAIMED: Readonly<Record<string, string>> = { torn: 'gzip', lie: 'br' };

function packed(plain: Buffer, encoding: string): Buffer {
  if (encoding === 'gzip') return gzipSync(plain);
  if (encoding === 'br') return brotliCompressSync(plain, { params: { 1: 1 } });
  if (encoding === 'torn') return gzipSync(plain).subarray(0, -5);
  return plain;
}

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 ** 2;
}

/** What objects take in the main thread, and in each of the collector's, in megabytes. */
type Heaps = Readonly<Record<string, number>>;

async function heapsOf(workers: readonly Worker[]): Promise<Heaps> {
  const heaps: Record<string, number> = { main: heapMegabytes() };
  for (const [at, worker] of workers.entries()) {
    heaps[THREADS[at] ?? at] = await threadMegabytes(worker);
  }
  return heaps;
}

it(`takes ${INPUTS} inputs that are almost reports: no 5xx, no growth, an exact count`, async () => {
  const { started: collector, workers } = await noteWorkers(() =>
    startCollector({
      logger: createLogger('silent', process.stdout),
      rateLimit: 0,
      keyRateLimit: 0,
    }),
  );
  expect(workers).toHaveLength(THREADS.length);
  const statuses: Record<number, number> = {};
  let acknowledged = 0;
  let heapsBefore: Heaps | undefined;
  let inputs = 0;

  async function send({ url, headers, body: payload }: Input): Promise<void> {
    const answer = await collector.app.inject({ method: 'POST', url, headers, payload });
    const { statusCode: status } = answer;
    statuses[status] = (statuses[status] ?? 0) + 1;
    expect(status, `${answer.body} to ${url} ${JSON.stringify(headers)}`).toBeLessThan(500);
    // Whoever is refused is told why, in a form that programs can read.
    const said = answer.json<Record<string, unknown>>();
    if (status >= 400) expect(said).toHaveProperty('detail');
    else acknowledged += Number(said['accepted'] ?? 1);
  }

  await fc.assert(
    fc.asyncProperty(fc.array(input, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (batch) => {
      await Promise.all(batch.map(send));
      inputs += batch.length;
      if (heapsBefore === undefined && inputs >= INPUTS / 5) heapsBefore = await heapsOf(workers);
    }),
    { seed: SEED, numRuns: Math.ceil(INPUTS / AT_ONCE) },
  );

  await until('all is counted', async () => {
    const { body: stats } = await collector.get('/stats');
    const quality = await collector.store.quality({ project: null });
    return Number(stats['total_reports']) + (quality['duplicates'] ?? 0) === acknowledged;
  });
  console.log(`${inputs} inputs, answered ${JSON.stringify(statuses)}`);
  expect(Object.keys(statuses).map(Number)).toEqual(expect.arrayContaining([202, 400, 413, 415]));
  const heaps = await heapsOf(workers);
  console.log(`heaps in MB: ${JSON.stringify(heapsBefore)}, then ${JSON.stringify(heaps)}`);
  for (const [name, megabytes] of Object.entries(heaps)) {
    expect(megabytes - (heapsBefore?.[name] ?? 0), name).toBeLessThan(name === 'main' ? 8 : 3);
  }
});
