import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** In everything that a client says. It is a valid ID too. */
const MARK = '5ec2e7ma2k0f0every0kind';
const ADDRESS = '127.0.0.77';
const FORWARDED = '203.0.113.77';

const REQUESTS = 250;

/** A value that is the mark, has it inside, or is of another form. */
const value = fc.constantFrom(
  ...[MARK, `"${MARK}"`, `${MARK}\u0000`, `\u001B[31m${MARK}`, `{"level":50,"msg":"${MARK}"}`],
  ...[`../../${MARK}`, `${MARK}é`, MARK.repeat(40), `'; DROP TABLE users; --${MARK}`],
);

const headerValue = value.map((text) => text.replaceAll(/[^\x20-\x7E]/g, ''));

const HEADERS = [
  ...['Authorization', 'Cookie', 'User-Agent', 'Referer', 'Origin', 'X-Request-Id', 'Request-Id'],
  ...['X-Forwarded-Host', 'Forwarded', 'X-Real-IP', 'Content-Encoding', 'Accept', 'If-None-Match'],
  ...[
    'Expect',
    'Upgrade',
    'Range',
    'Idempotency-Key',
    'X-Api-Key',
    `X-${MARK}`,
    'Transfer-Encoding',
  ],
] as const;

const PATHS = [
  ...['/', '/v1/reports', '/statistics', '/stats', '/v1/stats/summary', '/v1/stats/live', '/logs'],
  ...['/v1/users/', '/v1/projects/', '/v1/projects/acme-cli/write-key', '/v1/tokens', '/health'],
  ...['/v1/logs', '/v1/export', '/metrics', '/openapi.json', '/v1/cleanings/'],
] as const;

const body = fc.oneof(
  value.map((one) => JSON.stringify({ ...fullReport({ anonymous_id: MARK }), project: one })),
  value.map((one) => JSON.stringify({ reports: [fullReport({ anonymous_id: MARK }), one, [one]] })),
  value.map((one) => JSON.stringify({ ...fullReport(), [one]: one, write_key: one })),
  value.map((one) => `{"project":"${one}`),
  value.map((one) => `{"__proto__":{"${MARK}":1},"a":${JSON.stringify(one)}}`),
);

const request = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', MARK),
    path: fc.constantFrom(...PATHS),
    suffix: fc.constantFrom('', MARK, `${MARK}/x`, `?project=${MARK}`, `?${MARK}=1`, `%ff${MARK}`),
    headers: fc.array(fc.tuple(fc.constantFrom(...HEADERS), headerValue), { maxLength: 5 }),
    type: fc.constantFrom('application/json', 'text/plain', MARK),
    body,
    isAdmin: fc.boolean(),
    // What is no HTTP at all.
    rubbish: fc.constantFrom('', '', '', `${MARK}\r\n`, `${MARK}: ${MARK}\r\n`),
  })
  .map(({ method, path, suffix, headers, type, body: text, isAdmin, rubbish }) => {
    const own = isAdmin ? [['Authorization', withToken().authorization]] : [];
    const all = [
      ...[
        ['Host', MARK],
        ['Connection', 'close'],
        ['X-Forwarded-For', `${FORWARDED}, ${MARK}`],
      ],
      ...[
        ['Content-Type', type],
        ['Content-Length', String(Buffer.byteLength(text))],
      ],
      ...own,
      ...headers,
    ];
    const head = all.map(([name, one]) => `${name}: ${one}\r\n`).join('');
    return `${rubbish}${method} ${path}${suffix} HTTP/1.1\r\n${head}\r\n${text}`;
  });

/** Sends bytes from an address of its own, until the collector ends the connection. */
async function sendRaw(url: string, bytes: string): Promise<void> {
  const { hostname, port } = new URL(url);
  await new Promise<void>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), localAddress: ADDRESS });
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.setTimeout(500, () => socket.destroy()); // a stream never ends
    socket.on('data', () => undefined).write(bytes);
  });
}

it('no line of the log has what a client sends, its address, a token or a key', async () => {
  const data = temporaryFolder();
  const collector = await startProcess([
    ...['--port', '0', '--data', data, '--access-log', 'all', '--log-level', 'trace'],
    ...['--rate-limit', '0', '--stats-rate-limit', '0', '--trusted-proxies', '127.0.0.0/8'],
  ]);
  const url = await collector.url();
  const ask = async (method: string, path: string, payload?: unknown) => {
    const json = { ...withToken(), 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, {
      ...{ method, headers: payload === undefined ? withToken() : json },
      ...(payload !== undefined && { body: JSON.stringify(payload) }),
    });
    return (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  };
  await ask('PUT', '/v1/projects/secret', { status: 'open' });
  const { write_key: key } = await ask('POST', '/v1/projects/secret/write-key');
  const { token } = await ask('POST', '/v1/tokens', { level: 'restricted', project: 'secret' });
  const secrets = [withToken().authorization.slice('Bearer '.length), key, token].map(String);
  expect(secrets.every((one) => one.length >= 16)).toBe(true);
  const bearer = { authorization: `Bearer ${String(token)}` };
  expect((await fetch(`${url}/v1/stats/summary?project=secret`, { headers: bearer })).status).toBe(
    200,
  );

  const seed = Date.now() % 1_000_000;
  const requests = fc.sample(request, { numRuns: REQUESTS, seed });
  const next = requests.values();
  const sendRest = async (): Promise<void> => {
    for (const bytes of next) await sendRaw(url, bytes);
  };
  await Promise.all(Array.from({ length: 16 }, sendRest));
  collector.child.kill('SIGTERM');
  expect(await collector.ended).toBe(0);

  const folder = join(data, 'logs');
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  const lines = [...files, collector.stdout(), collector.stderr()].flatMap((text) =>
    text.split('\n'),
  );
  expect(lines.filter((line) => line.includes('"msg":"request"')).length).toBeGreaterThan(
    REQUESTS / 2,
  );
  const hidden = [MARK, ADDRESS, FORWARDED, ...secrets];
  const forms = hidden.flatMap((one) => [one, Buffer.from(one).toString('base64').slice(0, -4)]);
  const found = lines.filter((line) => forms.some((one) => line.includes(one)));
  expect([seed, found]).toEqual([seed, []]);
  expect(lines.join('\n')).not.toMatch(/[^\P{Cc}\n]/u);
});
