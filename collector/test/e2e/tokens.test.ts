import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A collector without a token in its environment. */
const start = (options: { data?: string; now?: () => Date } = {}): Promise<TestCollector> =>
  startCollector({ ...options, adminToken: undefined });

const firstOf = (data: string): string => readFileSync(join(data, 'admin-token'), 'utf8').trim();

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const command = await startProcess(['token', ...args], { HEADCOUNT_ADMIN_TOKEN: '', ...env });
  return { code: await command.ended, out: command.stdout(), err: command.stderr() };
}

const statusOf = async (collector: TestCollector, token: string, url = '/v1/tokens') =>
  (await collector.stranger(url, withToken(token))).status;

describe('the first administrator’s token', () => {
  it('is made by the first start, in a file of its own, and nowhere else', async () => {
    const data = temporaryFolder();
    const first = await start({ data });
    const token = firstOf(data);
    expect(token).toMatch(/^hct_[\w-]{43}$/);
    expect(statSync(join(data, 'admin-token')).mode & 0o777).toBe(0o600);
    expect(await statusOf(first, token)).toBe(200);
    await first.close();
    expect(first.log()).not.toContain(token);
    for (const name of readdirSync(data).filter((file) => file !== 'admin-token')) {
      const path = join(data, name);
      if (statSync(path).isFile()) expect(readFileSync(path, 'latin1')).not.toContain(token);
    }
    const second = await start({ data });
    expect(firstOf(data)).toBe(token);
    expect(await statusOf(second, token)).toBe(200);
    await second.close();
    // It stays valid where the operator has put it elsewhere.
    rmSync(join(data, 'admin-token'));
    expect(await statusOf(await start({ data }), token)).toBe(200);
    expect(readdirSync(data)).not.toContain('admin-token');
  });

  it('gives way to that of the environment', async () => {
    const data = temporaryFolder();
    const first = await start({ data });
    const token = firstOf(data);
    await first.close();
    const second = await startCollector({ data });
    expect(await statusOf(second, token)).toBe(401);
    expect(await statusOf(second, ADMIN_TOKEN)).toBe(200);
    const other = await startCollector();
    expect(readdirSync(other.data)).not.toContain('admin-token');
  });

  it('is not made anew where that of the environment takes its place', async () => {
    const collector = await startCollector();
    const { data } = collector;
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, ADMIN_TOKEN);
    for (const env of [
      { HEADCOUNT_ADMIN_TOKEN: ADMIN_TOKEN },
      { HEADCOUNT_ADMIN_TOKEN: '', HEADCOUNT_ADMIN_TOKEN_FILE: file },
    ]) {
      for (const id of [[], ['first']]) {
        const { code, out, err } = await run(['rotate', ...id, '--data', data], env);
        expect([code, out]).toEqual([1, '']);
        expect(err).toContain('HEADCOUNT_ADMIN_TOKEN is set');
        expect(err).toContain('start the collector again');
      }
    }
    expect(await collector.post('/v1/tokens/first/rotate', '{}', withToken())).toMatchObject({
      status: 422,
      body: { code: 'bad_token_settings' },
    });
    expect(readdirSync(data)).not.toContain('admin-token');
    // Another shell does not know how the collector was started.
    const { out } = await run(['rotate', '--data', data]);
    expect(out).toContain('started with HEADCOUNT_ADMIN_TOKEN');
  });

  it.runIf(process.platform === 'linux')('is printed once, on a terminal', async () => {
    const data = temporaryFolder();
    const args = ['serve', '--port', '0', '--data', data, '--log-level', 'silent'];
    const env = { HEADCOUNT_ADMIN_TOKEN: '' };
    const wrapper = ['sh', '-c', 'exec script -qefc "$*" /dev/null', 'sh'];
    const first = await startProcess(args, env, { wrapper });
    await first.url();
    expect(first.stdout().split(firstOf(data))).toHaveLength(2);
    first.child.kill('SIGTERM');
    await first.ended;
    const second = await startProcess(args, env, { wrapper });
    await second.url();
    expect(second.stdout()).not.toContain('hct_');
  });

  it('is on no other stream, and the commands on the machine use it', async () => {
    const HOME = temporaryFolder();
    const data = temporaryFolder();
    const env = { HOME, HEADCOUNT_ADMIN_TOKEN: '' };
    const served = await startProcess(['serve', '--port', '0', '--data', data], env);
    await served.url();
    const token = firstOf(data);
    const stats = async (...args: string[]) => {
      const command = await startProcess(['stats', ...args], env);
      return { code: await command.ended, out: command.stdout() + command.stderr() };
    };
    expect(await stats()).toMatchObject({ code: 0 });
    expect(await stats('--data', data)).toMatchObject({ code: 0 });
    // A collector that is named gets no token from a folder.
    expect((await stats('--url', await served.url())).code).toBe(1);
    const rotated = await run(['rotate', '--data', data]);
    expect(rotated).toMatchObject({ code: 0, err: '' });
    expect(firstOf(data)).not.toBe(token);
    expect(rotated.out).not.toContain(firstOf(data));
    const ask = async (one: string) =>
      (await fetch(`${await served.url()}/v1/tokens`, { headers: withToken(one) })).status;
    expect([await ask(token), await ask(firstOf(data))]).toEqual([401, 200]);
    expect(await stats()).toMatchObject({ code: 0 });
    expect(served.stdout() + served.stderr()).not.toMatch(/hct_/);
  });
});

describe('the first administrator’s token that was revoked', () => {
  it('is made anew offline, and every refusal of a local command says how', async () => {
    const HOME = temporaryFolder();
    const data = temporaryFolder();
    const env = { HOME, HEADCOUNT_ADMIN_TOKEN: '' };
    const served = await startProcess(['serve', '--port', '0', '--data', data], env);
    await served.url();
    const list = async () => {
      const command = await startProcess(['clean', 'list'], env);
      return { code: await command.ended, out: command.stdout() + command.stderr() };
    };
    const dead = firstOf(data);
    const revoked = await run(['revoke', 'first', '--data', data]);
    expect(revoked).toMatchObject({ code: 0 });
    expect(revoked.out).toContain('token rotate');
    expect(existsSync(join(data, 'admin-token'))).toBe(false);
    const without = await list();
    expect([without.code, without.out]).toEqual([1, expect.stringContaining('token rotate')]);
    writeFileSync(join(data, 'admin-token'), dead);
    const wrong = await list();
    expect([wrong.code, wrong.out]).toEqual([1, expect.stringContaining('token rotate')]);
    expect(await run(['rotate', '--data', data])).toMatchObject({ code: 0, err: '' });
    expect(firstOf(data)).not.toBe(dead);
    expect(await list()).toMatchObject({ code: 0 });
    expect((await run(['list', '--data', data])).out).toContain('first administrator');
  });
});

describe('a token', () => {
  it('is made, listed, rotated and revoked over HTTP, and kept as a hash', async () => {
    const collector = await startCollector();
    await collector.post('/v1/reports', fullReport());
    const body = { level: 'restricted', project: 'acme-cli', name: 'dashboard' };
    const made = await collector.post('/v1/tokens', body, withToken());
    expect(made).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } });
    const token = String(made.body['token']);
    const id = String(made.body['id']);
    expect(token).toMatch(/^hct_[\w-]{43}$/);
    const recent = '/v1/stats/recent?project=acme-cli';
    expect(await statusOf(collector, token, recent)).toBe(200);
    expect(await statusOf(collector, token, '/v1/stats/recent?project=other')).toBe(403);
    expect(await statusOf(collector, token, '/v1/stats/recent')).toBe(403);
    const listed = (await collector.stranger('/v1/tokens', withToken())).body;
    expect(listed['tokens']).toEqual([
      {
        ...{ id, ...body, status: 'valid', created_at: '2026-11-22T21:00:00.000Z' },
        ...{ expires_at: null, last_used_at: '2026-11-22T21:00:00.000Z' },
      },
    ]);
    const rotated = await collector.post(`/v1/tokens/${id}/rotate`, '{}', withToken());
    expect(rotated).toMatchObject({ status: 201, body: { id, name: 'dashboard' } });
    expect(await statusOf(collector, token, recent)).toBe(401);
    expect(await statusOf(collector, String(rotated.body['token']), recent)).toBe(200);
    expect((await collector.delete(`/v1/tokens/${id}`, withToken())).status).toBe(204);
    expect(await statusOf(collector, String(rotated.body['token']), recent)).toBe(401);
    expect((await collector.delete(`/v1/tokens/${id}`, withToken())).status).toBe(404);
    await collector.close();
    const files = readdirSync(collector.data).map((name) => join(collector.data, name));
    for (const file of files.filter((path) => statSync(path).isFile())) {
      expect(readFileSync(file, 'latin1')).not.toContain(token);
    }
    expect(collector.log()).not.toContain(token);
  });

  it.each([
    [{ level: 'public' }, 422],
    [{}, 422],
    [{ level: 'administrator', project: 'acme-cli' }, 422],
    [{ level: 'restricted', expires_at: '2020-01-01T00:00:00Z' }, 422],
    [{ level: 'restricted', expires_at: 'tomorrow' }, 422],
    [{ level: 'restricted', name: 'x'.repeat(101) }, 422],
    [{ level: 'restricted', project: '' }, 422],
  ])('is not made of %j', async (body, status) => {
    const collector = await startCollector();
    expect((await collector.post('/v1/tokens', body, withToken())).status).toBe(status);
  });

  it('is never refused for wrong ones before it, nor for the questions of strangers', async () => {
    const collector = await startCollector({ monotonicMs: () => 0, statsRateLimit: 3 });
    const statuses = new Set<number>();
    for (let n = 0; n < 301; n++) {
      statuses.add(await statusOf(collector, `hct_wrong${n}`));
      expect(await statusOf(collector, ADMIN_TOKEN)).toBe(200);
    }
    expect([...statuses]).toEqual([401, 429]);
    const ask = async (headers: Record<string, string>) =>
      (await collector.app.inject({ url: '/stats', remoteAddress: '192.0.2.1', headers }))
        .statusCode;
    for (let n = 0; n < 4; n++) await ask({});
    expect([await ask({}), await ask(withToken())]).toEqual([429, 200]);
    const forwarded = { 'x-forwarded-for': '192.0.2.9' };
    const local = async () => (await collector.stranger('/stats', forwarded)).status;
    for (let n = 0; n < 3; n++) expect(await local()).toBe(200);
    expect(await local()).toBe(429);
  });

  it('is made by the command, and a running collector knows it at once', async () => {
    const data = temporaryFolder();
    const collector = await start({ data });
    const made = await run([
      ...['create', '--level', 'developer', '--expires', '90d', '--name', 'on call'],
      ...['--data', data],
    ]);
    expect(made).toMatchObject({ code: 0, err: '' });
    const token = made.out.trim();
    expect(await statusOf(collector, token, '/v1/stats/quality')).toBe(200);
    expect(await statusOf(collector, token)).toBe(403);
    const listed = await run(['list', '--json'], { HEADCOUNT_DATA: data });
    const { tokens } = JSON.parse(listed.out) as { tokens: { id: string; name: string }[] };
    const id = tokens.find(({ name }) => name === 'on call')?.id ?? '';
    // What the collector changes meanwhile is not lost.
    const admin = withToken(firstOf(data));
    const [revoked, other] = await Promise.all([
      run(['revoke', id, '--data', data]),
      collector.post('/v1/tokens', { level: 'restricted' }, admin),
    ]);
    expect(revoked.code).toBe(0);
    expect(await statusOf(collector, token, '/v1/stats/quality')).toBe(401);
    expect(await statusOf(collector, String(other.body['token']), '/v1/stats/recent')).toBe(200);
    await collector.close();
    const without = await run(['create', '--level', 'restricted', '--data', data]);
    expect(await statusOf(await start({ data }), without.out.trim(), '/v1/stats/recent')).toBe(200);
  });

  it.each([
    [['create'], '--level'],
    [['create', '--level', 'root'], 'restricted, developer or administrator'],
    [['create', '--level', 'restricted', '--expires', 'soon'], '--expires'],
    [['create', '--level', 'administrator', '--project', 'x'], 'for all projects'],
    [['revoke', 'nobody'], 'There is no token nobody'],
    [['forge'], 'token create'],
    [[], 'token create'],
  ])('command %j that cannot be used says why', async (args, words) => {
    const data = temporaryFolder();
    const { code, err } = await run([...args, '--data', data]);
    expect([code, err]).toEqual([1, expect.stringContaining(words)]);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('is refused in words that name the member, and what it may be', async () => {
    const collector = await startCollector();
    const refusal = async (body: object) => {
      const answer = await collector.post('/v1/tokens', JSON.stringify(body), withToken());
      return [answer.status, answer.body['path'], answer.body['detail']];
    };
    expect(await refusal({ level: 'god' })).toEqual([
      422,
      '/level',
      'The member /level must be one of: restricted, developer, administrator.',
    ]);
    expect(await refusal({ level: 'developer', expires: '90d' })).toEqual([
      422,
      '/expires',
      'There is no member /expires here.',
    ]);
    expect(await refusal({})).toEqual([422, '/level', 'The member /level is missing.']);
    expect(await refusal({ level: 'developer', 'a/b~': 1 })).toContain('/a~1b~0');
  });

  it('file that is damaged keeps the collector from starting', async () => {
    const data = temporaryFolder();
    writeFileSync(join(data, 'tokens.json'), '{"version":1,"tokens":[{}]}');
    await expect(startCollector({ data })).rejects.toThrow(/tokens\.json is damaged/);
  });
});

describe('the audit log', () => {
  it('has what administrators have done, newest first and in pages, without secrets', async () => {
    const collector = await startCollector();
    const made = await collector.post('/v1/tokens', { level: 'restricted' }, withToken());
    const token = String(made.body['token']);
    const path = '/v1/projects/acme-cli';
    for (const [payload, headers] of [
      [{ visibility: 'none' }, withToken()],
      [{ timezone: 'Mars/Olympus' }, withToken()],
      [{ visibility: 'none' }, withToken(token)],
      [{ visibility: 'none' }, withToken('hct_wrong')],
    ] as const) {
      await collector.app.inject({ method: 'PUT', url: path, headers, payload });
    }
    await collector.post(`${path}/write-key`, '{}', withToken());
    await collector.delete('/v1/users/some-body?project=acme-cli', withToken());
    const entry = (
      action: string,
      target: string,
      details: object | undefined = undefined,
      outcome = 'done',
    ) => ({
      ...{ at: '2026-11-22T21:00:00.000Z', token: 'environment', who: 'HEADCOUNT_ADMIN_TOKEN' },
      ...{ action, target, outcome },
      ...(details && { details }),
    });
    const expected = [
      entry('DELETE /v1/users/:anonymous_id', 'acme-cli'),
      entry('POST /v1/projects/:project/write-key', 'acme-cli'),
      entry('PUT /v1/projects/:project', 'acme-cli', undefined, 'failed'),
      entry('PUT /v1/projects/:project', 'acme-cli', { visibility: 'none' }),
      entry('POST /v1/tokens', String(made.body['id']), { level: 'restricted' }),
    ];
    const ask = async (query: string) =>
      (await collector.stranger(`/v1/audit${query}`, withToken())).body;
    expect(await ask('')).toEqual({ entries: expected, next: null });
    const found: unknown[] = [];
    for (let before: string | null = ''; before !== null;) {
      const page = await ask(`?limit=2${before}`);
      found.push(...(page['entries'] as unknown[]));
      const next = page['next'] as number | null;
      before = next === null ? null : `&before=${next}`;
    }
    expect(found).toEqual(expected);
    expect(await statusOf(collector, token, '/v1/audit')).toBe(403);
    const file = join(collector.data, 'audit.ndjson');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    for (const secret of [token, 'hck_', ADMIN_TOKEN, 'some-body', '127.0.0.1']) {
      expect(text).not.toContain(secret);
    }
    // A line that was torn takes no other with it.
    writeFileSync(file, `${text}{"at":`);
    const other = await collector.post('/v1/tokens', { level: 'developer' }, withToken());
    const torn = entry('POST /v1/tokens', String(other.body['id']), { level: 'developer' });
    expect((await ask(''))['entries']).toEqual([torn, ...expected]);
  });

  it('says which token, what was cleaned, and what was a dry run', async () => {
    const collector = await startCollector();
    const made = { name: 'board', level: 'restricted', project: 'acme-cli' };
    const { id } = (await collector.post('/v1/tokens', made, withToken())).body;
    await collector.post(`/v1/tokens/${String(id)}/rotate`, '{}', withToken());
    await collector.delete(`/v1/tokens/${String(id)}`, withToken());
    await collector.post('/v1/reports', fullReport());
    const path = '/v1/projects/acme-cli/cleanings';
    const what = { where: { dimension: 'version', value: '9.9.9' } };
    await collector.post(path, { ...what, dry_run: true }, withToken());
    const cleaning = (await collector.post(path, what, withToken())).body['id'];
    await collector.delete(`/v1/cleanings/${String(cleaning)}`, withToken());
    const removal = (await collector.delete('/v1/projects/acme-cli', withToken())).body['id'];
    const long = { manifest_version: 1, project: 'long', report: {}, events: {} };
    const events = Array.from({ length: 50 }, (_, n) => [
      `event-${n}`,
      { description: 'Something.', fields: {} },
    ]);
    await collector.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/long/manifest', headers: withToken() },
      payload: { ...long, events: Object.fromEntries(events) as object },
    });
    const { entries } = (await collector.stranger('/v1/audit', withToken())).body;
    const found = (entries as { action: string; target: string; details?: object }[]).map(
      ({ action, target, details }) => [action, target, details],
    );
    const token = { ...made, expires_at: null };
    const taken = { from: null, to: null, new: false, ...what };
    expect(found).toEqual([
      [
        'PUT /v1/projects/:project/manifest',
        'long',
        { members: 'manifest_version project report events' },
      ],
      ['DELETE /v1/projects/:project', `acme-cli ${String(removal)}`, undefined],
      ['DELETE /v1/cleanings/:id', `acme-cli ${String(cleaning)}`, taken],
      [
        'POST /v1/projects/:project/cleanings',
        `acme-cli ${String(cleaning)}`,
        { ...what, dry_run: false },
      ],
      ['POST /v1/projects/:project/cleanings', 'acme-cli', { ...what, dry_run: true }],
      ['DELETE /v1/tokens/:id', id, token],
      ['POST /v1/tokens/:id/rotate', id, token],
      ['POST /v1/tokens', id, made],
    ]);
  });
});
