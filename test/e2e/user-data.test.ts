import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExportResult, ForgetResult } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import {
  type Answer,
  type Answered,
  type HttpRecorder,
  type RecordedRequest,
  startHttpRecorder,
} from '../support/http-recorder.js';
import { receiptOf, recordOf, unknownUser } from '../support/receipt.js';
import { outboxFiles, queueFolder } from '../support/outbox-files.js';
import { createTestApp, runNode, type TestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const ID = /^[0-9a-f]{16}$/;
const PROOF = /^Bearer ([0-9a-f]{64})$/;
/** Reports to the address in its argument, which its code names. */
const APP = `import { createHeadcount } from 'headcount';
  createHeadcount({ endpoint: process.argv[2] }).track();`;

const answerJson = (value: unknown): Answered => ({ status: 200, body: JSON.stringify(value) });
const deleting =
  (n = 1): Answer =>
  ({ method }) =>
    method === 'DELETE' ? answerJson(receiptOf(n)) : {};

async function startRecorder(answer: Answer = deleting()): Promise<HttpRecorder> {
  const recorder = await startHttpRecorder(answer);
  onTestFinished(() => recorder.close());
  return recorder;
}

const config = ({ home }: TestApp): string => join(home, '.config/headcount/acme-cli');
const state = ({ home }: TestApp): string => join(home, '.local/share/headcount/acme-cli');
const read = (app: TestApp, name: string): string =>
  readFileSync(join(config(app), name), 'utf8').trim();
const newApp = (more: Record<string, string> = {}): TestApp =>
  createTestApp({ 'cli.mjs': APP, ...more });
const command = ({ home }: TestApp, args: string, env: Record<string, string> = {}) =>
  runNode(BIN, home, { args: [...args.split(' '), '--project', 'acme-cli'], env });

async function ask<Result>(
  app: TestApp,
  word: string,
  env: Record<string, string> = {},
): Promise<{ readonly code: number | null; readonly result: Result }> {
  const { code, stdout } = await command(app, `${word} --json`, env);
  return { code, result: JSON.parse(stdout) as Result };
}

/** Runs the app once and waits until its report has arrived, and nothing is left to do. */
async function reportTo(
  app: TestApp,
  recorder: HttpRecorder,
  options: { readonly args?: string[]; readonly env?: Record<string, string> } = {
    args: [recorder.address],
  },
): Promise<void> {
  const before = recorder.reports().length;
  await eventually(() => exitChildren(app.home).length === 0, 'no sender left', 20_000);
  await app.run('cli.mjs', options);
  await eventually(() => recorder.reports().length > before, 'the report');
  await eventually(() => outboxFiles(app.home).length === 0, 'an empty outbox');
  await eventually(() => existsSync(join(state(app), 'last-request.json')), 'the last request');
}

const asked = ({ requests }: HttpRecorder, method: string): RecordedRequest[] =>
  requests.filter((request) => request.method === method);
const proofIn = ({ headers }: Pick<RecordedRequest, 'headers'>): string =>
  PROOF.exec(headers.authorization ?? '')?.[1] ?? '';
const ownerOf = (proof: string): string =>
  createHash('sha256').update(proof).digest('hex').slice(0, 32);

const daysAgo = (days: number): string =>
  new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString();

describe('the owner of an ID', () => {
  it('is in every report, and its proof is shown to this collector alone', async () => {
    const [one, other] = [await startRecorder(), await startRecorder()];
    const app = newApp();
    await reportTo(app, one);
    await reportTo(app, one);
    await reportTo(app, other);
    const owners = [...one.reports(), ...other.reports()].map(({ owner }) => owner);
    expect(owners).toEqual([owners[0], owners[0], owners[2]]);
    expect(owners[0]).not.toBe(owners[2]);
    expect(await ask(app, 'forget')).toMatchObject({ code: 0, result: { ok: true } });
    for (const recorder of [one, other]) {
      const requests = asked(recorder, 'DELETE');
      expect(requests).toHaveLength(1);
      const [report] = recorder.reports();
      for (const request of requests) {
        expect(request.url).toBe(`/v1/users/${report?.anonymous_id}?project=acme-cli`);
        expect(ownerOf(proofIn(request))).toBe(report?.owner);
      }
    }
  });

  it('depends on a secret of 32 bytes, readable by this user only, which never leaves', async () => {
    const recorder = await startRecorder(({ method }) =>
      method === 'GET' ? answerJson(recordOf()) : {},
    );
    const app = newApp();
    await reportTo(app, recorder);
    const secret = read(app, 'owner-secret');
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(join(config(app), 'owner-secret')).mode & 0o777).toBe(0o600);
    const exported = await command(app, 'export');
    expect(exported.code).toBe(0);
    const shown = await command(app, 'show');
    expect(JSON.stringify([recorder.requests, exported, shown])).not.toContain(secret);
  });

  it('does not change when reports are sent again', async () => {
    let attempts = 0;
    const recorder = await startRecorder(() => ((attempts += 1) === 1 ? { status: 503 } : {}));
    const app = newApp();
    await app.run('cli.mjs', { args: [recorder.address] });
    await eventually(() => recorder.requests.length >= 2, 'a second attempt');
    const [first, second] = recorder.reports();
    expect(first?.owner).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toEqual(first);
  });

  it('is the same for 10 first runs at once', async () => {
    const recorder = await startRecorder();
    const app = newApp();
    const run = () => app.run('cli.mjs', { args: [recorder.address] });
    await Promise.all(Array.from({ length: 10 }, run));
    await eventually(() => recorder.reports().length === 10, 'all reports', 20_000);
    expect(new Set(recorder.reports().map(({ owner }) => owner)).size).toBe(1);
  });

  it('is absent without a home, and export and forget say why they cannot work', async () => {
    const recorder = await startRecorder();
    const app = newApp({
      'ask.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ endpoint: process.argv[2] });
        headcount.track();
        await headcount.flush({ timeoutMs: 8_000 });
        console.log(JSON.stringify([await headcount.export(), await headcount.forget()]));
        await headcount.close();`,
    });
    const env = { HOME: '', XDG_CONFIG_HOME: '', XDG_DATA_HOME: '' };
    const { stdout } = await app.run('ask.mjs', { args: [recorder.address], env });
    const cannot = { ok: false, error: expect.stringContaining('can keep no secret') as string };
    expect(JSON.parse(stdout)).toEqual([cannot, cannot]);
    expect(recorder.reports()).toHaveLength(1);
    expect(recorder.reports()[0]).not.toHaveProperty('owner');
    expect(asked(recorder, 'DELETE')).toEqual([]);
  });

  it('of a storage of the app’s own is kept in it', async () => {
    const recorder = await startRecorder();
    const app = newApp({
      'own.mjs': `import { createHeadcount } from 'headcount';
        const map = new Map();
        const storage = {
          get: (key) => map.get(key),
          set: (key, value) => void map.set(key, value),
          setIfAbsent(key, value) {
            if (!map.has(key)) map.set(key, value);
            return map.get(key);
          },
          remove: (key) => void map.delete(key),
        };
        const headcount = createHeadcount({ endpoint: process.argv[2], storage });
        headcount.track();
        await headcount.flush({ timeoutMs: 8_000 });
        const secret = map.get('owner-secret');
        const result = await headcount.forget();
        console.log(JSON.stringify({ secret, result, left: [...map] }));
        await headcount.close();`,
    });
    const { stdout } = await app.run('own.mjs', { args: [recorder.address] });
    const { secret, result, left } = JSON.parse(stdout) as {
      secret: string;
      result: ForgetResult;
      left: [string, string][];
    };
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(result).toMatchObject({ ok: true });
    expect(JSON.stringify(left)).not.toContain(secret);
    const [request] = asked(recorder, 'DELETE');
    expect(request && ownerOf(proofIn(request))).toBe(recorder.reports()[0]?.owner);
  });
});

describe('headcount forget', () => {
  it('asks every collector that has acknowledged reports, and reports on each', async () => {
    const refusing = await startRecorder(({ method }) =>
      method === 'DELETE' ? { status: 500 } : {},
    );
    const unknown = await startRecorder(({ method }) => (method === 'DELETE' ? unknownUser : {}));
    const gone = await startRecorder();
    const good = await startRecorder(deleting(7));
    const app = newApp();
    for (const recorder of [refusing, unknown, gone, good]) await reportTo(app, recorder);
    await gone.close();
    const { code, result } = await ask<ForgetResult>(app, 'forget');
    expect(code).toBe(1);
    const at = ({ address }: HttpRecorder) => `${address}/v1/reports`;
    expect(result).toMatchObject({
      ok: false,
      collectors: [
        { collector: at(refusing), ok: false, reason: 'refused', error: 'said 500' },
        { collector: at(unknown), ok: false, reason: 'unknown-id' },
        { collector: at(gone), ok: false, reason: 'unreachable' },
        { collector: at(good), ok: true, receipt: receiptOf(7) },
      ],
    });
  });

  it('asks those again that have not confirmed, for the former ID, and no others', async () => {
    let isDown = true;
    const late = await startRecorder((request, count) =>
      request.method === 'DELETE' && isDown ? { status: 503 } : deleting(2)(request, count),
    );
    const good = await startRecorder(deleting(1));
    const app = newApp();
    await reportTo(app, late);
    await reportTo(app, good);
    const [before] = good.reports();
    const first = await command(app, 'forget');
    expect(first.code).toBe(1);
    expect(first.stdout).toContain(receiptOf(1).receipt_id);
    expect(first.stdout).not.toContain('all data');
    expect(first.stderr).toContain(`${late.address}/v1/reports said 503`);
    expect(first.stderr).toContain('once more later');
    expect(read(app, 'anonymous-id')).toBe('forgotten');

    await reportTo(app, good); // as somebody else
    const after = good.reports().at(-1);
    expect(after?.anonymous_id).toMatch(ID);
    expect(after?.anonymous_id).not.toBe(before?.anonymous_id);
    expect(after?.owner).not.toBe(before?.owner);

    isDown = false;
    const { code, result } = await ask<ForgetResult>(app, 'forget');
    expect(code).toBe(0);
    const requests = asked(late, 'DELETE');
    expect(requests.at(-1)?.url).toBe(`/v1/users/${before?.anonymous_id}?project=acme-cli`);
    expect(requests.map(proofIn)).toEqual(
      requests.map(() => proofIn(requests[0] ?? { headers: {} })),
    );
    expect(result).toMatchObject({
      ok: true,
      collectors: [
        { anonymousId: before?.anonymous_id, receipt: receiptOf(2) },
        { anonymousId: after?.anonymous_id, receipt: receiptOf(1) },
      ],
    });
    const count = late.requests.length + good.requests.length;
    const third = await command(app, 'forget');
    expect(third).toMatchObject({ code: 0, stderr: '' });
    expect(third.stdout).toMatch(/Nothing was reported since[^]*000000000002/);
    expect(late.requests.length + good.requests.length).toBe(count);
  });

  it('says that everything is deleted only after each has confirmed', async () => {
    const [one, other] = [await startRecorder(), await startRecorder()];
    const app = newApp();
    await reportTo(app, one);
    await reportTo(app, other);
    const { code, stdout, stderr } = await command(app, 'forget');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('The collectors have deleted all data about you');
    expect(JSON.parse(read(app, 'deletion-receipt'))).toHaveLength(2);
    expect((await command(app, 'export')).stderr).toContain('deleted since');
  });

  it.each([
    ['nothing', ''],
    ['{}', '{}'],
    ['a number', '0'],
    ['null', 'null'],
    ['a text', '"hi"'],
    ['a list', JSON.stringify([receiptOf()])],
    ['HTML', '<!doctype html><title>Welcome to the hotel</title>'],
    ['half of it', JSON.stringify(receiptOf()).slice(0, -5)],
    ['that of another project', JSON.stringify(receiptOf(1, 'other'))],
    ['no UUID', JSON.stringify({ ...receiptOf(), receipt_id: 'r-1' })],
    ['an escape in the ID', JSON.stringify({ ...receiptOf(), receipt_id: '\u001b[2Jr-1' })],
    ['an endless ID', JSON.stringify({ ...receiptOf(), receipt_id: 'a'.repeat(9_000) })],
    ['no time', JSON.stringify({ ...receiptOf(), deleted_at: 'soon' })],
    ['no such day', JSON.stringify({ ...receiptOf(), deleted_at: '2026-99-99T20:58:00Z' })],
    [
      'from long before the request',
      JSON.stringify({
        ...receiptOf(),
        deleted_at: '1970-01-01T00:00:00Z',
        late_reports_ignored_until: '1970-01-01T00:00:00Z',
      }),
    ],
    ['from two days before', JSON.stringify({ ...receiptOf(), deleted_at: daysAgo(2) })],
    ['no second time', JSON.stringify({ ...receiptOf(), late_reports_ignored_until: 7 })],
  ])('takes no receipt for one that is %s', async (_case, body) => {
    const recorder = await startRecorder(({ method }) =>
      method === 'DELETE' ? { status: 200, body } : {},
    );
    const app = newApp();
    await reportTo(app, recorder);
    const { code, result } = await ask<ForgetResult>(app, 'forget');
    expect(code).toBe(1);
    expect(result).toMatchObject({ ok: false, collectors: [{ reason: 'invalid-answer' }] });
    expect(existsSync(join(config(app), 'deletion-receipt'))).toBe(false);
  });

  it('keeps and prints nothing of a receipt but its known fields', async () => {
    const more = { note: '\u009b31m', link: 'https://evil.example' };
    const recorder = await startRecorder(({ method }) =>
      method === 'DELETE' ? answerJson({ ...receiptOf(), ...more }) : {},
    );
    const app = newApp();
    await reportTo(app, recorder);
    const { result } = await ask<ForgetResult>(app, 'forget');
    expect(result.collectors?.[0]).toMatchObject({ receipt: receiptOf() });
    expect(JSON.stringify(result) + read(app, 'deletion-receipt')).not.toContain('evil');
  });

  it.each([
    [404, 'cannot do this (404)'],
    [405, 'cannot do this (405)'],
    [302, 'said 302'],
    [403, 'said 403'],
  ])('counts %s as no confirmation, and asks again', async (status, words) => {
    const recorder = await startRecorder(({ method }) => (method === 'DELETE' ? { status } : {}));
    const app = newApp();
    await reportTo(app, recorder);
    for (let turn = 1; turn <= 2; turn += 1) {
      const { code, stderr } = await command(app, 'forget');
      expect(code).toBe(1);
      expect(stderr).toContain(words);
      expect(asked(recorder, 'DELETE')).toHaveLength(turn);
    }
  });

  it('waits as long as a busy collector asks, if that is soon', async () => {
    let requests = 0;
    const recorder = await startRecorder((request, count) => {
      if (request.method !== 'DELETE') return {};
      requests += 1;
      return requests < 3
        ? { status: 503, headers: { 'retry-after': '1' } }
        : deleting()(request, count);
    });
    const app = newApp();
    await reportTo(app, recorder);
    const { result } = await ask<ForgetResult>(app, 'forget');
    expect(result).toEqual({ ok: true, collectors: [expect.objectContaining({ ok: true })] });
    expect(requests).toBe(3);
  });

  it('does not wait for a collector that asks for an hour', async () => {
    const recorder = await startRecorder(({ method }) =>
      method === 'DELETE' ? { status: 503, headers: { 'retry-after': '3600' } } : {},
    );
    const app = newApp();
    await reportTo(app, recorder);
    const startedMs = Date.now();
    const { result } = await ask<ForgetResult>(app, 'forget');
    expect(result).toMatchObject({ ok: false, collectors: [{ reason: 'busy' }] });
    expect(Date.now() - startedMs).toBeLessThan(8_000);
  });

  it('settles with a collector that was asked before and does not know the ID any more', async () => {
    let answers = 0;
    const recorder = await startRecorder(({ method }) => {
      if (method !== 'DELETE') return {};
      answers += 1;
      return answers === 1 ? { status: 502 } : unknownUser; // it had deleted it
    });
    const app = newApp();
    await reportTo(app, recorder);
    expect((await command(app, 'forget')).code).toBe(1);
    const { code, stdout } = await command(app, 'forget');
    expect(code).toBe(0);
    expect(stdout).not.toContain('all data');
    expect((await command(app, 'forget')).code).toBe(0);
    expect(asked(recorder, 'DELETE')).toHaveLength(2);
  });

  it('leaves nothing behind that a later request could say again', async () => {
    const recorder = await startRecorder();
    const app = newApp();
    await reportTo(app, recorder);
    // As after losses: this total is in every report.
    writeFileSync(join(queueFolder(app.home, recorder.address), 'losses'), '137\n');
    await app.run('cli.mjs', { args: [recorder.address] });
    await eventually(() => recorder.reports().at(-1)?.lost_total === 137, 'the total');
    await eventually(() => outboxFiles(app.home).length === 1, 'only the losses');
    const before = recorder.requests.slice();
    expect(await ask(app, 'forget')).toMatchObject({ code: 0 });
    await reportTo(app, recorder);
    await reportTo(app, recorder);
    const after = recorder.requests.slice(before.length + 1); // behind the deletion
    const past = before.flatMap(
      ({ body }) =>
        (
          JSON.parse(body) as {
            reports: { report_id: string; anonymous_id: string; owner: string }[];
          }
        ).reports,
    );
    const text = JSON.stringify(after);
    for (const { report_id, anonymous_id, owner } of past) {
      for (const word of [report_id, anonymous_id, owner]) expect(text).not.toContain(word);
    }
    expect(
      recorder
        .reports()
        .slice(-2)
        .map(({ lost_total }) => lost_total),
    ).toEqual([0, 0]);
    const kept = ['config', 'share'].map((_, at) => [config(app), state(app)][at] ?? '');
    for (const folder of kept) {
      for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!file.isFile()) continue;
        const content = readFileSync(join(file.parentPath, file.name), 'utf8');
        for (const { anonymous_id, owner } of past) {
          expect([file.name, content.includes(anonymous_id) || content.includes(owner)]).toEqual([
            file.name,
            false,
          ]);
        }
      }
    }
  });

  it('starts the total of losses again also in an outbox of the app’s own, and in memory', async () => {
    const recorder = await startRecorder();
    const app = newApp({
      'own.mjs': `import { createHeadcount } from 'headcount';
        const map = new Map();
        const segments = new Map();
        let open = '', count = 0, lost = 137;
        const storage = {
          get: (key) => map.get(key),
          set: (key, value) => void map.set(key, value),
          setIfAbsent(key, value) {
            if (!map.has(key)) map.set(key, value);
            return map.get(key);
          },
          remove: (key) => void map.delete(key),
          outbox: {
            append: (lines) => void (open += lines),
            seal() {
              if (open) segments.set(String((count += 1)), open);
              open = '';
            },
            list: () => [...segments.keys()],
            claim: (name) => segments.get(name),
            rewrite: (name, text) => void segments.set(name, text),
            remove: (name) => void segments.delete(name),
            release: () => undefined,
            lose: (reports) => void (lost += reports),
            lostTotal: () => lost,
          },
        };
        const headcount = createHeadcount({ endpoint: process.argv[2], storage });
        const send = async () => {
          headcount.track();
          await headcount.flush({ timeoutMs: 8_000 });
        };
        await send();
        const { ok } = await headcount.forget();
        await send();
        lost += 3;
        await send();
        await headcount.close();
        console.log(ok);`,
    });
    expect((await app.run('own.mjs', { args: [recorder.address] })).stdout).toBe('true\n');
    expect(recorder.reports().map(({ lost_total }) => lost_total)).toEqual([137, 0, 3]);
    expect(new Set(recorder.reports().map(({ anonymous_id }) => anonymous_id)).size).toBe(2);
  });

  it.each(['x', 'f'.repeat(63), '{"secret":"planted"}', ''])(
    'works after a secret was damaged (%j), for what is reported since',
    async (planted) => {
      const recorder = await startRecorder();
      const app = newApp();
      await reportTo(app, recorder);
      const [before] = recorder.reports();
      writeFileSync(join(config(app), 'owner-secret'), planted);
      await reportTo(app, recorder);
      const after = recorder.reports().at(-1);
      expect(after?.anonymous_id).toBe(before?.anonymous_id); // the same person
      expect(after?.owner).not.toBe(before?.owner);
      expect(await ask(app, 'forget')).toMatchObject({ code: 0 });
      const [request] = asked(recorder, 'DELETE');
      expect(request && ownerOf(proofIn(request))).toBe(after?.owner);
    },
  );

  it('tells the ID for the operator if the secret is missing', async () => {
    const recorder = await startRecorder();
    const app = newApp();
    await reportTo(app, recorder);
    const [report] = recorder.reports();
    writeFileSync(join(config(app), 'owner-secret'), 'gone');
    const { code, result } = await ask<ForgetResult>(app, 'forget');
    expect(code).toBe(1);
    expect(result).toMatchObject({ ok: false, collectors: [{ reason: 'no-proof' }] });
    expect(JSON.stringify(result)).toContain(`your ID is ${report?.anonymous_id}`);
    expect(asked(recorder, 'DELETE')).toEqual([]);
  });

  it('has nothing to delete where nothing was ever reported', async () => {
    const recorder = await startRecorder();
    const home = tempFolder('home');
    const args = ['forget', '--project', 'acme-cli', '--endpoint', recorder.address, '--json'];
    const { code, stdout } = await runNode(BIN, home, { args });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ ok: true, collectors: [] });
    expect(recorder.requests).toEqual([]);
    expect(existsSync(join(home, '.config/headcount/acme-cli/anonymous-id'))).toBe(false);
  });
});

describe('headcount export', () => {
  it('asks every collector, each with a proof of its own', async () => {
    const exporting: Answer = ({ method }) => (method === 'GET' ? answerJson(recordOf()) : {});
    const [one, other] = [await startRecorder(exporting), await startRecorder(exporting)];
    const app = newApp();
    await reportTo(app, one);
    await reportTo(app, other);
    const { code, result } = await ask<ExportResult>(app, 'export');
    expect(code).toBe(0);
    const [report] = one.reports();
    const about = { ok: true, anonymousId: report?.anonymous_id, data: recordOf() };
    expect(result).toEqual({
      ok: true,
      collectors: [
        { ...about, collector: `${one.address}/v1/reports` },
        { ...about, collector: `${other.address}/v1/reports` },
      ],
    });
    const proofs = [one, other].flatMap((recorder) => asked(recorder, 'GET').map(proofIn));
    expect(new Set(proofs).size).toBe(2);
  });

  it('prints what it got, and says what is missing', async () => {
    const good = await startRecorder(({ method }) =>
      method === 'GET' ? answerJson({ ...recordOf(), note: '\u009b2J\u202eevil' }) : {},
    );
    const bad = await startRecorder(({ method }) =>
      method === 'GET' ? { status: 200, body: '<html>' } : {},
    );
    const app = newApp();
    await reportTo(app, good);
    await reportTo(app, bad);
    const { code, stdout, stderr } = await command(app, 'export');
    expect(code).toBe(1);
    expect(stdout).toContain('"total_reports": 1');
    expect(stdout).toContain('\\u009b2J\\u202eevil');
    expect(stdout).not.toMatch(/[\u0080-\u009f\u202e]/);
    expect(stderr).toContain(`${bad.address}/v1/reports gave an answer`);
  });

  it.each([unknownUser, { status: 200, body: '{}' }, { status: 200, body: '[]' }])(
    'fails if the only collector answers %j',
    async (answer) => {
      const recorder = await startRecorder(({ method }) => (method === 'GET' ? answer : {}));
      const app = newApp();
      await reportTo(app, recorder);
      const { code, stdout, stderr } = await command(app, 'export');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(recorder.address);
    },
  );
});

describe('an endpoint from the environment', () => {
  it('gets an ID that cannot be linked with the usual one, and keeps getting it', async () => {
    const recorder = await startRecorder();
    const app = newApp({
      'cli.mjs': `import { createHeadcount } from 'headcount';
        createHeadcount({ endpoint: process.argv[2] }).track();`,
    });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    await reportTo(app, recorder);
    await reportTo(app, recorder, { env });
    await reportTo(app, recorder, { env });
    await reportTo(app, recorder);
    const reports = recorder.reports();
    const ids = reports.map(({ anonymous_id }) => anonymous_id);
    const owners = reports.map(({ owner }) => owner);
    expect(ids).toEqual([ids[0], ids[1], ids[1], ids[0]]);
    expect(owners).toEqual([owners[0], owners[1], owners[1], owners[0]]);
    expect([ids[0] === ids[1], owners[0] === owners[1]]).toEqual([false, false]);
  });

  it('is asked by forget for the ID that it got, and never told the usual one', async () => {
    const [own, variable] = [await startRecorder(), await startRecorder()];
    const app = newApp();
    await reportTo(app, own);
    await reportTo(app, variable, { env: { HEADCOUNT_ENDPOINT: variable.address } });
    expect(await ask(app, 'forget')).toMatchObject({ code: 0, result: { ok: true } });
    for (const recorder of [own, variable]) {
      const [report] = recorder.reports();
      const [request] = asked(recorder, 'DELETE');
      expect(request?.url).toBe(`/v1/users/${report?.anonymous_id}?project=acme-cli`);
      expect(request && ownerOf(proofIn(request))).toBe(report?.owner);
    }
    const [usual] = own.reports();
    expect(JSON.stringify(variable.requests)).not.toContain(usual?.anonymous_id);
  });

  it('can be asked without the variable: the command remembers where the address is from', async () => {
    const variable = await startRecorder();
    const app = newApp();
    await reportTo(app, variable, { env: { HEADCOUNT_ENDPOINT: variable.address } });
    const { stdout } = await command(app, 'status --json');
    expect(stdout).toContain(`"${variable.address}/v1/reports"`);
    await command(app, `forget --endpoint ${variable.address}`);
    expect(asked(variable, 'DELETE')).toHaveLength(1);
    expect(asked(variable, 'DELETE')[0]?.url).toContain(variable.reports()[0]?.anonymous_id);
  });
});

describe('a given ID', () => {
  const given = (HEADCOUNT_ANONYMOUS_ID: string) => ({ HEADCOUNT_ANONYMOUS_ID });

  it('goes into reports without an owner, and can never export or forget', async () => {
    const recorder = await startRecorder();
    const app = newApp();
    await reportTo(app, recorder);
    const env = given('0123456789abcdef');
    await reportTo(app, recorder, { args: [recorder.address], env });
    expect(recorder.reports().at(-1)).toMatchObject({ anonymous_id: '0123456789abcdef' });
    expect(recorder.reports().at(-1)).not.toHaveProperty('owner');
    const before = recorder.requests.length;
    for (const word of ['export', 'forget']) {
      const { code, result } = await ask<ForgetResult>(app, word, env);
      expect(code).toBe(1);
      expect(result).toMatchObject({
        ok: false,
        error: expect.stringContaining('HEADCOUNT_ANONYMOUS_ID') as string,
      });
    }
    expect(recorder.requests).toHaveLength(before);
    expect(read(app, 'anonymous-id')).toMatch(/^[0-9a-f]{16} /);
  });

  it.each([
    'ci-ada-lovelace-berlin',
    'ci-jenkins',
    'ada',
    '0123456789ABCDEF',
    '0123456789abcde',
    '0123456789abcdef0',
    ' 0123456789abcdef',
  ])('that is %j is ignored, and status() warns', async (value) => {
    const recorder = await startRecorder();
    const app = newApp({
      'warn.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ endpoint: process.argv[2] });
        console.log(JSON.stringify(headcount.status().warnings));
        headcount.track();
        await headcount.close({ timeoutMs: 8_000 });`,
    });
    const env = given(value);
    const { stdout } = await app.run('warn.mjs', { args: [recorder.address], env });
    expect(JSON.parse(stdout)).toEqual([
      { reason: 'given-id-ignored', text: expect.stringContaining('16 lower-case') as string },
    ]);
    expect(recorder.reports()[0]?.anonymous_id).toMatch(ID);
    expect(recorder.reports()[0]?.info.id_source).not.toBe('given');
    expect(JSON.stringify(recorder.requests)).not.toContain('berlin');
  });
});
