import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { reportSchema } from '../../src/wire.js';
import { eventually } from '../support/eventually.js';
import { type HttpRecorder, startRecorder } from '../support/http-recorder.js';
import { outboxFiles } from '../support/outbox-files.js';
import { createTestApp, type TestApp } from '../support/run-app.js';

const ESM = `import { track } from 'headcount'; track(); console.log('done');`;
const CJS = `const { track } = require('headcount'); track(); console.log('done');`;
// The cast: this package's own file.
const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };
const SILENT = { code: 0, signal: null, stdout: 'done\n', stderr: '' };

const arrived = (recorder: HttpRecorder, count: number) =>
  eventually(
    () => recorder.reports().length >= count && recorder.reports(),
    `${count} reports at the collector`,
  );
const outboxEmpty = (app: TestApp) =>
  eventually(() => outboxFiles(app.home).length === 0, 'an empty outbox');

describe('a program that calls track() and ends', () => {
  it.each([
    ['ESM', 'cli.mjs', ESM],
    ['CJS', 'cli.cjs', CJS],
  ])(
    'reports once as %s, prints nothing and ends as it would without',
    async (_form, file, code) => {
      const recorder = await startRecorder();
      const app = createTestApp({ [file]: code });
      const env = { HEADCOUNT_ENDPOINT: recorder.address };
      expect(await app.run(file, { env })).toMatchObject(SILENT);
      const [report] = await arrived(recorder, 1);
      const isReport = new Ajv2020({ allowUnionTypes: true }).compile(reportSchema);
      expect(isReport(report) || isReport.errors).toBe(true);
      expect(report).toMatchObject({ project: 'acme-cli', event: 'startup' });
      expect(report?.info).toMatchObject({ version: '2.3.1', id_persisted: true, ci: null });
      await outboxEmpty(app);
      expect(recorder.requests).toMatchObject([
        { method: 'POST', url: '/v1/reports', headers: { 'user-agent': `headcount/${version}` } },
      ]);
    },
  );

  it('reports under the same ID in every run', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({ 'cli.mjs': ESM });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    for (let run = 1; run <= 3; run += 1) {
      await app.run('cli.mjs', { env });
      await arrived(recorder, run);
    }
    expect(new Set(recorder.reports().map((report) => report.anonymous_id)).size).toBe(1);
    expect(new Set(recorder.reports().map((report) => report.report_id)).size).toBe(3);
    const folder = join(app.home, '.config/headcount/acme-cli');
    const [file = 'none'] = readdirSync(folder).filter((name) => name.startsWith('anonymous-id'));
    const stored = readFileSync(join(folder, file), 'utf8');
    expect(stored).toMatch(/^[0-9a-f]{16} (machine|time)\n$/);
    expect(stored).toContain(recorder.reports()[0]?.anonymous_id);
  });

  it('reports later, and once, what a collector that was down could not take', async () => {
    const first = await startRecorder();
    const { port } = first;
    await first.close();
    const app = createTestApp({ 'cli.mjs': ESM });
    const env = { HEADCOUNT_ENDPOINT: `http://127.0.0.1:${port}` };
    expect(await app.run('cli.mjs', { env })).toMatchObject(SILENT);
    const second = await startRecorder(undefined, port);
    expect(await app.run('cli.mjs', { env })).toMatchObject(SILENT);
    await arrived(second, 2);
    await outboxEmpty(app);
    expect(new Set(second.reports().map((report) => report.report_id)).size).toBe(2);
  });

  it.each(['/statistics', '/?action=statistics'])(
    'posts one report a request to %s, as collectors of the first generation take it',
    async (path) => {
      const answer = { status: 200, body: '{"status":"success","message":"ok"}' };
      const recorder = await startRecorder(() => answer);
      const app = createTestApp({
        'cli.mjs': `import { createHeadcount } from 'headcount';
          const headcount = createHeadcount(); headcount.track(); headcount.track();
          console.log('done');`,
      });
      const env = { HEADCOUNT_ENDPOINT: `${recorder.address}${path}` };
      expect(await app.run('cli.mjs', { env })).toMatchObject(SILENT);
      await arrived(recorder, 2);
      expect(recorder.requests.map(({ url }) => url)).toEqual([path, path]);
      for (const { body } of recorder.requests) {
        expect(JSON.parse(body)).toMatchObject({
          anonymous_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
          timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
          project: 'acme-cli',
          info: { os: 'Linux', version: '2.3.1' },
        });
      }
      await outboxEmpty(app);
    },
  );

  it('keeps its reports when it is killed right after track(), and the next run sends them', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({
      'killed.mjs': `import { track } from 'headcount'; track(); process.kill(process.pid, 'SIGKILL');`,
      'cli.mjs': ESM,
    });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    expect(await app.run('killed.mjs', { env })).toMatchObject({ signal: 'SIGKILL' });
    expect(recorder.requests).toEqual([]);
    await app.run('cli.mjs', { env });
    await arrived(recorder, 2);
    await outboxEmpty(app);
  });

  it.each(['DO_NOT_TRACK', 'HEADCOUNT_DISABLED', 'ACME_CLI_TELEMETRY_DISABLED'])(
    'sends and writes nothing with %s=1',
    async (variable) => {
      const recorder = await startRecorder();
      const app = createTestApp({ 'cli.mjs': ESM });
      const env = { HEADCOUNT_ENDPOINT: recorder.address, [variable]: '1' };
      expect(await app.run('cli.mjs', { env })).toMatchObject(SILENT);
      expect(readdirSync(app.home)).toEqual([]);
      expect(recorder.requests).toEqual([]);
    },
  );

  it('has one state for its ESM and its CJS copy', async () => {
    const app = createTestApp({
      'both.mjs': `
        import { createRequire } from 'node:module';
        import { createHeadcount as esm } from 'headcount';
        const { createHeadcount: cjs } = createRequire(import.meta.url)('headcount');
        const options = { project: 'acme-cli', disabled: true };
        console.log(esm(options) === cjs(options));`,
    });
    expect(await app.run('both.mjs')).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' });
  });

  it('throws its set-up errors with code, option, expectation and value', async () => {
    const app = createTestApp({
      'bad.mjs': `
        import { createHeadcount, HeadcountError } from 'headcount';
        try { createHeadcount({ flushIntervalMs: '1s' }); } catch (error) {
          const { code, option, expected, given } = error;
          console.log(JSON.stringify([error instanceof HeadcountError, code, option, expected, given]));
        }`,
    });
    const { stdout } = await app.run('bad.mjs');
    expect(JSON.parse(stdout)).toEqual([
      true,
      'HEADCOUNT_ERR_INVALID_OPTION',
      'flushIntervalMs',
      'a whole number of milliseconds, 0–86400000',
      '1s',
    ]);
  });
});

describe('a program that was bundled into one file', () => {
  it.each(['esm', 'cjs'] as const)(
    'reports as %s without the files of this package',
    async (format) => {
      const recorder = await startRecorder();
      const app = createTestApp({ 'cli.mjs': ESM });
      const bundled = createTestApp({});
      buildSync({
        entryPoints: [join(app.folder, 'cli.mjs')],
        outfile: join(bundled.folder, 'dist', `cli.${format === 'esm' ? 'mjs' : 'cjs'}`),
        bundle: true,
        platform: 'node',
        format,
        logLevel: 'error',
      });
      const script = join('dist', `cli.${format === 'esm' ? 'mjs' : 'cjs'}`);
      const env = { HEADCOUNT_ENDPOINT: recorder.address };
      expect(await bundled.run(script, { env })).toMatchObject(SILENT);
      await arrived(recorder, 1);
      await outboxEmpty(bundled);
    },
  );
});

describe('a program that lives on', () => {
  const server = (options: string, body: string) => `
    import { createHeadcount, memoryStorage } from 'headcount';
    const headcount = createHeadcount(${options});
    ${body}`;

  it('sends by its worker thread, and flush() tells what became of it', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({
      'server.mjs': server(
        `{}`,
        `headcount.track(); headcount.track();
         console.log(JSON.stringify([await headcount.flush(), headcount.status().idSource]));`,
      ),
    });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    const { stdout, stderr } = await app.run('server.mjs', { env });
    expect(JSON.parse(stdout)).toEqual([
      { sent: 2, queued: 0, dropped: 0 },
      expect.stringMatching(/^(machine|time)$/),
    ]);
    expect(stderr).toBe('');
    expect(recorder.requests).toHaveLength(1);
  });

  it('sends what waited for flushIntervalMs without being asked', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({
      'server.mjs': server(
        `{ flushIntervalMs: 50 }`,
        `headcount.track();
         const timer = setInterval(() => {
           if (headcount.status().sent === 1) { clearInterval(timer); console.log('sent'); }
         }, 10);`,
      ),
    });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    expect(await app.run('server.mjs', { env })).toMatchObject({ code: 0, stdout: 'sent\n' });
    expect(recorder.reports()).toHaveLength(1);
  });

  it('sends out of a storage that only this process can reach', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({
      'server.mjs': server(
        `{ storage: memoryStorage() }`,
        `headcount.track(); console.log(JSON.stringify(await headcount.flush()));`,
      ),
    });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    const { stdout } = await app.run('server.mjs', { env });
    expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect(recorder.reports()[0]?.info.id_persisted).toBe(false);
    expect(readdirSync(app.home)).toEqual([]);
  });

  it('ends by itself after close(), and closes with nothing left', async () => {
    const recorder = await startRecorder();
    const app = createTestApp({
      'server.mjs': server(
        `{}`,
        `const left = () => [process.getActiveResourcesInfo().filter((name) => name !== 'CloseReq'),
           process.listenerCount('exit')];
         const before = left();
         headcount.track();
         const closed = await headcount.close();
         console.log(JSON.stringify({ before, closed, after: left() }));`,
      ),
    });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    const { stdout, code } = await app.run('server.mjs', { env });
    expect(code).toBe(0);
    const { before, closed, after } = JSON.parse(stdout) as Record<string, unknown>;
    expect(closed).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect(after).toEqual(before);
  });

  it('finds no collector at the implicit endpoint, and neither waits nor prints nor starts a child', async () => {
    const app = createTestApp({
      'cli.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount(); headcount.track();
        console.log(JSON.stringify([await headcount.flush(), headcount.status().error]));`,
    });
    const { stdout, stderr, code } = await app.run('cli.mjs');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual([
      { sent: 0, queued: 1, dropped: 0 },
      expect.stringMatching(/ECONNREFUSED/),
    ]);
    expect(outboxFiles(app.home)).toEqual([expect.stringMatching(/\.ready$/)]);
  });
});
