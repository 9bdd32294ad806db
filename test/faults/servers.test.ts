import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/wire/report.js';
import { expectAllArriveOnce, TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import {
  answering,
  type Behaviour,
  byteByByte,
  type FaultServer,
  garbage,
  hugeAnswer,
  resetAtOnce,
  resetMidBody,
  silent,
  startFaultServer,
} from '../support/fault-server.js';
import { reportsIn } from '../support/http-recorder.js';
import { problem } from '../support/problem.js';
import { outboxFiles } from '../support/outbox-files.js';
import { selfSigned } from '../support/self-signed.js';
import { createTestApp, type RunOptions, type TestApp } from '../support/run-app.js';
import { createAppPair, expectSameAsWithout } from '../support/same-as-without.js';
import { tempFolder } from '../support/temp-folder.js';

const ALWAYS_UPLOAD = { HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0' };
const FILES = {
  'cli.mjs': TRACK_ONCE,
  'later.mjs': TRACK_ONCE,
  // Sends while it lives, and tells what came of it.
  'flush.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount(); headcount.track();
    const result = await headcount.flush({ timeoutMs: 4_000 });
    console.log(JSON.stringify({ result, status: headcount.status() }));`,
  // Lives a while after track(), so that a worker thread tries first.
  'server.mjs': `import { createHeadcount } from 'headcount';
    createHeadcount({ flushIntervalMs: 0 }).track();
    setTimeout(() => console.log('done'), 500);`,
};

interface Told {
  readonly result: { sent: number; queued: number; dropped: number };
  readonly status: {
    mode: string;
    reason?: string;
    error?: string;
    nextAttempt?: string | number;
    dropped: Record<string, number>;
  };
}

const at = (address: string, env: Record<string, string> = {}): RunOptions => ({
  env: { HEADCOUNT_ENDPOINT: address, ...ALWAYS_UPLOAD, ...env },
});
const flush = async (app: TestApp, options: RunOptions): Promise<Told> => {
  const { stdout, stderr } = await app.run('flush.mjs', options);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Told;
};
const status = (code: number, headers: Record<string, string> = {}): Behaviour =>
  answering(() => ({ status: code, body: 'no', headers }));

const FAULTS: [string, Behaviour | 'refuse'][] = [
  ['never answers', silent],
  ['answers byte by byte', byteByByte],
  ['refuses', 'refuse'],
  ['resets at once', resetAtOnce],
  ['resets in the middle of its answer', resetMidBody],
  ['speaks garbage', garbage],
  ['answers 500', status(500)],
  ['answers with a redirect', status(307, { location: 'http://127.0.0.1:9/elsewhere' })],
  ['answers 100 MB', hugeAnswer],
];

async function misbehaving(fault: Behaviour | 'refuse'): Promise<FaultServer> {
  const server = await startFaultServer(fault === 'refuse' ? undefined : fault);
  if (fault === 'refuse') await server.refuse();
  return server;
}

/** A head, then the same text for ever. */
const endless =
  (head: string, text: string): Behaviour =>
  (connection) => {
    connection.once('data', () => {
      connection.write(`HTTP/1.1 ${head}\r\ncontent-type: application/json\r\n\r\n`);
      const timer = setInterval(() => connection.write(text.repeat(1_000)), 1);
      connection.once('close', () => clearInterval(timer));
    });
  };
/** These bytes, and then the end. */
const cutShort =
  (bytes: string): Behaviour =>
  (connection) => {
    connection.once('data', () => connection.end(bytes));
  };

describe('a program whose collector', () => {
  it.each(FAULTS)('%s ends as it would without Headcount', async (_name, fault) => {
    const server = await misbehaving(fault);
    const pair = createAppPair(FILES);
    await expectSameAsWithout(pair, 'cli.mjs', at(server.address));
    await expectSameAsWithout(pair, 'server.mjs', at(server.address), 2);
    expect(server.accepted()).toEqual([]);
  });

  it('was at fault delivers everything once when it is well again', async () => {
    const outcomes = FAULTS.map(async ([name, fault]): Promise<string[]> => {
      const server = await misbehaving(fault);
      const app = createTestApp(FILES);
      const options = at(server.address);
      await app.run('cli.mjs', options);
      await app.run('server.mjs', options);
      if (fault !== 'refuse') {
        await eventually(() => server.connections() > 0, `an attempt though it ${name}`);
      }
      await server.heal();
      try {
        await expectAllArriveOnce({ app, accepted: server.accepted, tracked: 2, options });
        return [];
      } catch (error) {
        return [`${name}: ${String(error)}`];
      }
    });
    expect((await Promise.all(outcomes)).flat()).toEqual([]);
  });

  it('answers 100 MB costs neither process much memory', async () => {
    const server = await startFaultServer(hugeAnswer);
    const app = createTestApp({
      ...FILES,
      'host.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 0 });
        const before = process.memoryUsage().rss;
        headcount.track(); await headcount.flush();
        console.log(Math.round((process.memoryUsage().rss - before) / 1e6));`,
    });
    const { stdout } = await app.run('host.mjs', at(server.address));
    expect(Number(stdout)).toBeLessThan(80);
    const other = createTestApp(FILES);
    await other.run('cli.mjs', at(server.address));
    let peakKb = 0;
    await eventually(
      () => {
        const children = exitChildren(other.home);
        peakKb = Math.max(peakKb, ...children.map((child) => child.peakKb));
        return peakKb > 0 && children.length === 0;
      },
      'the child to have come and gone',
      20_000,
    );
    expect(peakKb).toBeLessThan(150_000);
  });

  it('sends a redirect is not followed', async () => {
    const elsewhere = await startFaultServer();
    const server = await startFaultServer(status(308, { location: `${elsewhere.address}/v1/x` }));
    const told = await flush(createTestApp(FILES), at(server.address));
    expect(told.result).toEqual({ sent: 0, queued: 1, dropped: 0 });
    expect(elsewhere.connections()).toBe(0);
  });

  it.each([
    ['seconds', () => '3600'],
    ['a date', () => new Date(Date.now() + 3_600_000).toUTCString()],
  ])('says Retry-After in %s is left alone by every later process until then', async (_, after) => {
    const server = await startFaultServer(status(429, { 'retry-after': after() }));
    const app = createTestApp(FILES);
    const options = at(server.address);
    const pair = createAppPair(FILES);
    await expectSameAsWithout(pair, 'cli.mjs', options);
    const first = await flush(app, options);
    expect(first.result).toEqual({ sent: 0, queued: 1, dropped: 0 });
    const asked = server.connections();
    const { status: told } = await flush(app, options);
    await app.run('cli.mjs', options);
    await flush(app, options);
    await eventually(() => exitChildren(app.home).length === 0, 'no child left', 20_000);
    expect(server.connections()).toBe(asked);
    const next = new Date(told.nextAttempt ?? 0).getTime();
    expect(next).toBeGreaterThan(Date.now() + 50 * 60_000);
    await server.heal();
    const later = await flush(app, {
      ...options,
      wrapper: ['faketime', '-f', '+2h'],
      killAfterMs: 30_000,
    });
    expect(later.result.sent).toBe(5);
    expect(new Set(server.accepted().map((report) => report.report_id)).size).toBe(5);
  });

  it('is hidden by others for a while loses no report, and is not retired', async () => {
    const html = { 'content-type': 'text/html' };
    const page = '<!doctype html><title>Sign in</title>';
    const strangers: [string, Behaviour][] = [
      ['a captive portal', answering(() => ({ status: 200, body: page, headers: html }))],
      ['a portal that lies about its page', answering(() => ({ status: 200, body: page }))],
      ['a text', answering(() => ({ body: 'ok', headers: { 'content-type': 'text/plain' } }))],
      ['a page without an end', endless('200 OK', '<p>')],
      ['spaces without an end', endless('202 Accepted', ' '.repeat(100))],
      ['a 202 that is cut short', cutShort('HTTP/1.1 202 Accepted\r\n\r\n{"accepted":1,"rej')],
      [
        'a chunked 202 that is cut short',
        cutShort('HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{}\n\r\n'),
      ],
      ...[302, 401, 403, 404, 410, 413, 501].flatMap((code): [string, Behaviour][] => [
        [`${code} of an ingress`, answering(() => ({ status: code, body: page, headers: html }))],
        [`${code} of a gateway`, answering(() => ({ status: code, body: '{"message":"no"}' }))],
        [
          `${code} as another’s problem`,
          answering(() => ({ ...problem(code, 'x'), body: '{"type":"about:blank"}' })),
        ],
      ]),
    ];
    const outcomeOf = async ([name, stranger]: [string, Behaviour]): Promise<string[]> => {
      const server = await startFaultServer(stranger);
      const app = createTestApp({
        'flush.mjs': FILES['flush.mjs'].replace('4_000', '20_000'),
        'later.mjs': TRACK_ONCE,
      });
      const options = { ...at(server.address), killAfterMs: 30_000 };
      const { result, status } = await flush(app, options);
      const seen = [result.sent, result.queued, result.dropped, status.mode, status.dropped];
      if (JSON.stringify(seen) !== '[0,1,0,"on",{}]') return [`${name}: ${JSON.stringify(seen)}`];
      await server.heal();
      const settings = { app, accepted: server.accepted, tracked: 1, options };
      return expectAllArriveOnce(settings).then(
        () => [],
        (error) => [`${name}: ${String(error)}`],
      );
    };
    const outcomes: string[] = [];
    while (strangers.length > 0) {
      outcomes.push(...(await Promise.all(strangers.splice(0, 6).map(outcomeOf))).flat());
    }
    expect(outcomes).toEqual([]);
  }, 600_000);

  it('is hidden by an ingress that asks to wait is asked again after that time', async () => {
    for (const code of [301, 403, 404, 503]) {
      const server = await startFaultServer(status(code, { 'retry-after': '3600' }));
      const { status: told } = await flush(createTestApp(FILES), at(server.address));
      const next = new Date(told.nextAttempt ?? 0).getTime();
      expect([code, next > Date.now() + 50 * 60_000]).toEqual([code, true]);
      expect(server.connections()).toBe(1);
    }
  });

  it('answers 413 gets smaller requests until one fits', async () => {
    const taken: Report[] = [];
    const server = await startFaultServer(
      answering((request) => {
        const reports = reportsIn(request);
        if (reports.length > 2) return { status: 413 };
        taken.push(...reports);
        return { body: '{"accepted":1,"rejected":[]}' };
      }),
    );
    const app = createTestApp({
      'nine.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount();
        for (let i = 0; i < 9; i += 1) headcount.track();
        console.log(JSON.stringify(await headcount.flush({ timeoutMs: 8_000 })));`,
    });
    const { stdout } = await app.run('nine.mjs', at(server.address));
    expect(JSON.parse(stdout)).toEqual({ sent: 9, queued: 0, dropped: 0 });
    expect(new Set(taken.map((report) => report.report_id)).size).toBe(9);
    expect(taken).toHaveLength(9);
  });

  it('answers 413 to a single report costs that report and is counted', async () => {
    const server = await startFaultServer(answering(() => problem(413, 'too_large')));
    const told = await flush(createTestApp(FILES), at(server.address));
    expect(told.result).toEqual({ sent: 0, queued: 0, dropped: 1 });
    expect(Object.values(told.status.dropped)).toEqual([1]);
  });

  it('answers 410 is never asked again by this version, but by the next', async () => {
    const server = await startFaultServer(answering(() => problem(410, 'project_closed')));
    const app = createTestApp(FILES);
    const options = at(server.address);
    await flush(app, options);
    const asked = server.connections();
    expect(asked).toBeGreaterThan(0);
    await server.heal();
    expect((await flush(app, options)).result.sent).toBe(0);
    await app.run('cli.mjs', options);
    await eventually(() => exitChildren(app.home).length === 0, 'no child left', 20_000);
    expect(server.connections()).toBe(asked);
    writeFileSync(join(app.folder, 'package.json'), '{"name":"acme-cli","version":"2.4.0"}');
    expect((await flush(app, options)).result.sent).toBeGreaterThan(0);
    expect(server.accepted().map((report) => report.info.version)).toContain('2.4.0');
  });

  it('rejects reports of a batch by index gets again those that it wants again', async () => {
    const requests: Report[][] = [];
    const server = await startFaultServer(
      answering((request) => {
        requests.push(reportsIn(request));
        const rejected =
          requests.length > 1
            ? []
            : [
                { index: 0, code: 'x', path: '', retry: true },
                { index: 2, code: 'x', path: '', retry: false },
              ];
        return { body: JSON.stringify({ accepted: 4 - rejected.length, rejected }) };
      }),
    );
    const app = createTestApp({
      ...FILES,
      'four.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount();
        for (let i = 0; i < 4; i += 1) headcount.track();
        await headcount.flush(); console.log(JSON.stringify(headcount.status()));`,
    });
    const { stdout } = await app.run('four.mjs', at(server.address));
    expect((JSON.parse(stdout) as Told['status']).dropped).toEqual({ refused: 1 });
    const [first] = requests;
    expect(first).toHaveLength(4);
    const again = (): Report[] => requests.slice(1).flat();
    await eventually(
      async () => {
        await app.run('later.mjs', at(server.address));
        return again().some((report) => report.report_id === first?.[0]?.report_id);
      },
      'the first report again',
      90_000,
    );
    const repeated = again().filter((report) =>
      first?.some(({ report_id }) => report_id === report.report_id),
    );
    expect(repeated).toEqual([first?.[0]]);
  });

  it('does not understand gzip gets the reports plain', async () => {
    const server = await startFaultServer();
    const plain: Report[] = [];
    const encodings: (string | undefined)[] = [];
    server.become(
      answering((request) => {
        encodings.push(request.headers['content-encoding']);
        if (request.headers['content-encoding'] !== undefined) return { status: 415 };
        plain.push(...reportsIn(request));
        return {};
      }),
    );
    const app = createTestApp({
      ...FILES,
      'many.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount();
        for (let i = 0; i < 20; i += 1) headcount.track();
        console.log(JSON.stringify(await headcount.flush()));`,
    });
    await app.run('many.mjs', at(server.address));
    await eventually(
      async () => {
        if (plain.length < 20) await app.run('later.mjs', at(server.address));
        return plain.length >= 20;
      },
      '20 reports',
      90_000,
    );
    expect(encodings).toContain('gzip');
    expect(new Set(plain.map((report) => report.report_id)).size).toBe(plain.length);
  });

  it.each(['NODE_EXTRA_CA_CERTS', 'ca'] as const)(
    'has a bad certificate gets its reports once it is known by %s',
    async (way) => {
      const folder = tempFolder('tls');
      const identity = selfSigned(folder);
      const server = await startFaultServer(undefined, () => identity);
      const app = createTestApp({
        ...FILES,
        'ca.mjs': `import { readFileSync } from 'node:fs';
          import { createHeadcount } from 'headcount';
          const ca = readFileSync(${JSON.stringify(join(folder, 'cert.pem'))}, 'utf8');
          createHeadcount({ extraCa: ca }).track(); console.log('done');`,
        'later.mjs':
          way === 'ca'
            ? `import { readFileSync } from 'node:fs'; import { createHeadcount } from 'headcount';
               const ca = process.env.KNOWN && readFileSync(process.env.KNOWN, 'utf8') || undefined;
               createHeadcount({ extraCa: ca }).track();`
            : TRACK_ONCE,
      });
      const bad = await flush(app, at(server.address));
      expect(bad.result).toEqual({ sent: 0, queued: 1, dropped: 0 });
      expect(bad.status.error).toMatch(/CERT|SELF_SIGNED|certificate/i);
      expect(outboxFiles(app.home).length).toBeGreaterThan(0);
      const file = join(folder, 'cert.pem');
      await expectAllArriveOnce({
        app,
        accepted: server.accepted,
        tracked: 1,
        options: at(server.address, way === 'ca' ? { KNOWN: file } : { [way]: file }),
      });
    },
  );

  it('is known by NODE_EXTRA_CA_CERTS gets its reports also where `ca` knows another one', async () => {
    const folder = tempFolder('tls');
    const identity = selfSigned(folder);
    const other = selfSigned(tempFolder('tls'));
    const server = await startFaultServer(undefined, () => identity);
    const app = createTestApp({
      'cli.mjs': `import { createHeadcount } from 'headcount';
        createHeadcount({ extraCa: ${JSON.stringify(other.cert)} }).track();`,
    });
    const env = { NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') };
    await app.run('cli.mjs', at(server.address, env));
    await eventually(() => server.accepted().length === 1, 'the report');
  });
});
