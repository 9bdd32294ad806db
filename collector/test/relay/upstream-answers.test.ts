import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { fullReport } from '../support/reports.js';
import { QUICK, startRelay, type TestRelay } from '../support/start-relay.js';
import { until } from '../support/until.js';

interface Sent {
  readonly reports: readonly { readonly anonymous_id: string }[];
}
type Answering = (sent: Sent, reply: ServerResponse, request: IncomingMessage) => void;

/** Something that is asked in the place of a collector. */
async function startUpstream(answer: Answering): Promise<string> {
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const isGzip = request.headers['content-encoding'] === 'gzip';
      answer(JSON.parse((isGzip ? gunzipSync(body) : body).toString()) as Sent, reply, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (reply: ServerResponse, status: number, body: object, headers = {}): void => {
  reply.writeHead(status, { 'content-type': 'application/json', ...headers });
  reply.end(JSON.stringify(body));
};
const problem = (reply: ServerResponse, status: number, code: string, more = {}): void =>
  json(reply, status, { type: `urn:headcount:problem:${code}`, status, code, ...more });
const accept = ({ reports }: Sent, reply: ServerResponse): void =>
  json(reply, 202, { accepted: reports.length, rejected: [] });

async function fill(relay: TestRelay, ids: readonly string[]): Promise<void> {
  const reports = ids.map((anonymous_id) => fullReport({ anonymous_id }));
  expect(await relay.post('/v1/reports', { reports })).toMatchObject({ status: 202 });
}
const IDS = Array.from({ length: 40 }, (_, n) => `person-${n}`);
const emptied = async (relay: TestRelay): Promise<void> =>
  until('nothing waits', async () => (await relay.state())['waiting_reports'] === 0);

/** Failures after which everything is still there. */
const FAILURES: readonly [name: string, answer: Answering, reason: RegExp][] = [
  [
    'a redirect',
    (_, reply) => reply.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
    /307.*not followed/,
  ],
  [
    'a page of a portal',
    (_, reply) => reply.writeHead(200).end('<html>Log in</html>'),
    /200, but not/,
  ],
  ['JSON of something else', (_, reply) => json(reply, 200, { status: 'success' }), /200, but not/],
  [
    'a verdict on others',
    (_, reply) => json(reply, 202, { accepted: 7, rejected: [] }),
    /202, but not/,
  ],
  ['401 of a proxy', (_, reply) => reply.writeHead(401).end('who?'), /401/],
  ['404 of a collector', (_, reply) => problem(reply, 404, 'not_found'), /--to must be/],
  ['403 of a firewall', (_, reply) => reply.writeHead(403).end('no'), /403/],
  ['500', (_, reply) => reply.writeHead(500).end(), /500/],
  ['503', (_, reply) => problem(reply, 503, 'failing'), /503 \(failing\)/],
  ['429', (_, reply) => problem(reply, 429, 'rate_limited'), /429/],
  ['an answer that breaks off', (_, reply) => reply.destroy(), /broke the answer off/],
];

it.each(FAILURES)('%s loses nothing, and is told', async (_name, answer, reason) => {
  let isWell = false;
  let asked = 0;
  const taken: string[] = [];
  const url = await startUpstream((sent, reply, request) => {
    asked++;
    if (!isWell) return answer(sent, reply, request);
    taken.push(...sent.reports.map(({ anonymous_id: id }) => id));
    accept(sent, reply);
  });
  const relay = await startRelay(url);
  await fill(relay, IDS);
  await until('it has tried more than once', () => asked > 2);
  const state = await relay.state();
  expect(state).toMatchObject({ waiting_reports: 40, forwarded_reports: 0, refused_reports: {} });
  expect(state['failing_reason']).toMatch(reason);
  expect((await relay.get('/health')).status).toBe(200);
  isWell = true;
  await emptied(relay);
  expect(taken.toSorted()).toEqual(IDS.toSorted());
  expect(await relay.state()).toMatchObject({ forwarded_reports: 40, failing_since: null });
});

it('gives a collector up that is silent, loses nothing, and ends in time all the same', async () => {
  let isWell = false;
  let asked = 0;
  const url = await startUpstream((sent, reply) => {
    asked++;
    if (isWell) return accept(sent, reply);
    // The head of an answer, and no end.
    reply.writeHead(202, { 'content-type': 'application/json' });
    reply.write('{"accepted":');
  });
  const relay = await startRelay(url, { times: { ...QUICK, answerMs: 200 } });
  await fill(relay, IDS);
  await until('it has tried more than once', () => asked > 2);
  expect((await relay.state())['failing_reason']).toBe('it did not answer within 0.2 s');
  await relay.close();
  const patient = await startRelay(url, { data: relay.data });
  const before = asked;
  await until('it asks', () => asked > before);
  const begun = performance.now();
  await patient.close();
  expect(performance.now() - begun).toBeLessThan(8000);
  isWell = true;
  const again = await startRelay(url, { data: relay.data });
  await emptied(again);
  expect(await again.state()).toMatchObject({ forwarded_reports: 40 });
});

it('obeys Retry-After', async () => {
  const times: number[] = [];
  const url = await startUpstream((sent, reply) => {
    times.push(performance.now());
    if (times.length === 1) problem(reply, 503, 'busy');
    else if (times.length === 2) json(reply, 429, {}, { 'retry-after': '1' });
    else accept(sent, reply);
  });
  const relay = await startRelay(url);
  await fill(relay, ['a']);
  await emptied(relay);
  const [, second = 0, third = 0] = times;
  expect(third - second).toBeGreaterThan(990);
});

/** Ways of a collector to refuse `person-7`, alone or in a batch. */
const FAULTS: readonly [
  name: string,
  refuse: (sent: Sent, reply: ServerResponse, at: number) => void,
  code: string,
][] = [
  [
    'by its place',
    ({ reports }, reply, at) =>
      json(reply, 202, {
        accepted: reports.length - 1,
        rejected: [{ index: at, code: 'out_of_bounds', path: '', retry: false }],
      }),
    'out_of_bounds',
  ],
  ['with the whole batch', (_, reply) => problem(reply, 400, 'forbidden_key'), 'forbidden_key'],
  ['as unreadable', (_, reply) => problem(reply, 422, 'wrong_type'), 'wrong_type'],
  ['as too large', (_, reply) => problem(reply, 413, 'too_large'), 'too_large'],
  ['for its key', (_, reply) => problem(reply, 403, 'key_wrong'), 'key_wrong'],
  ['with its project', (_, reply) => problem(reply, 410, 'project_closed'), 'project_closed'],
];

it.each(FAULTS)('a report that is refused %s goes alone', async (_name, refuse, code) => {
  const taken = new Set<string>();
  const url = await startUpstream((sent, reply) => {
    const at = sent.reports.findIndex(({ anonymous_id: id }) => id === 'person-7');
    if (at >= 0 && (code !== 'out_of_bounds' || sent.reports.length > 1)) {
      if (code === 'out_of_bounds') sent.reports.forEach(({ anonymous_id: id }) => taken.add(id));
      return refuse(sent, reply, at);
    }
    for (const { anonymous_id: id } of sent.reports) taken.add(id);
    accept(sent, reply);
  });
  const relay = await startRelay(url);
  await fill(relay, IDS);
  await emptied(relay);
  taken.delete('person-7');
  expect(taken.size).toBe(39);
  const { body } = await relay.get('/health');
  expect(body).toMatchObject({
    relay: { forwarded_reports: 39, refused_reports: { [code]: 1 } },
    warnings: { refused: { state: 'warning' } },
  });
  expect(relay.log()).toContain(code);
  expect((await relay.get('/metrics')).text).toContain(
    `headcount_relay_refused_reports_total{code="${code}"} 1`,
  );
});

/** A report that the collector cannot digest, and says nothing of. */
const POISONS: readonly [name: string, answer: (reply: ServerResponse) => void][] = [
  ['500', (reply) => void reply.writeHead(500).end()],
  ['no answer at all', (reply) => void reply.destroy()],
  ['the page of a firewall', (reply) => void reply.writeHead(406).end('<html>')],
];

it.each(POISONS)(
  'a report that gets %s holds up no other one, and is kept',
  async (_name, answer) => {
    const taken = new Set<string>();
    let isWell = false;
    const url = await startUpstream((sent, reply) => {
      const isPoison = ({ anonymous_id: id }: { anonymous_id: string }): boolean =>
        id === 'person-7' || id === 'person-8';
      if (!isWell && sent.reports.some(isPoison)) return answer(reply);
      for (const { anonymous_id: id } of sent.reports) taken.add(id);
      accept(sent, reply);
    });
    const relay = await startRelay(url);
    await fill(relay, IDS);
    await until('all others are through', () => taken.size === 38);
    await until('all others are struck off', async () => {
      const { waiting_reports: waiting, refused_reports: refused } = await relay.state();
      expect(refused).toEqual({});
      return waiting === 2;
    });
    isWell = true;
    await emptied(relay);
    expect(taken.size).toBe(40);
  },
);

it('lets reports pass that are asked to come later, and sends those again', async () => {
  const taken = new Map<string, number>();
  let isRoom = false;
  const url = await startUpstream(({ reports }, reply) => {
    const rejected = reports.flatMap(({ anonymous_id: id }, index) =>
      !isRoom && id < 'person-2'
        ? [{ index, code: 'rate_limited', path: '/anonymous_id', retry: true }]
        : [],
    );
    const places = new Set(rejected.map(({ index }) => index));
    reports.forEach(({ anonymous_id: id }, at) => {
      if (!places.has(at)) taken.set(id, (taken.get(id) ?? 0) + 1);
    });
    if (places.size === reports.length) problem(reply, 429, 'rate_limited', { rejected });
    else json(reply, 202, { accepted: reports.length - places.size, rejected });
  });
  const relay = await startRelay(url);
  await fill(relay, IDS);
  const later = IDS.filter((id) => id < 'person-2').length;
  await until('the others are through', () => taken.size === 40 - later);
  await fill(relay, ['zoe']);
  await until('a newer one is through', () => taken.has('zoe'));
  isRoom = true;
  await emptied(relay);
  expect([...taken.values()].every((times) => times === 1)).toBe(true);
  expect(taken.size).toBe(41);
});

it('sends each project’s write key with its own reports, compressed where that is taken', async () => {
  const keys = new Map<string, string>();
  let encodings: unknown[] = [];
  const url = await startUpstream((sent, reply, { headers }) => {
    encodings = [...encodings, headers['content-encoding']];
    if (headers['content-encoding'] !== undefined) return void reply.writeHead(415).end();
    for (const { anonymous_id: id } of sent.reports) keys.set(id, headers.authorization ?? 'none');
    accept(sent, reply);
  });
  const relay = await startRelay(url);
  const post = (id: string, key?: string) =>
    relay.post(
      '/v1/reports',
      { reports: [id, `${id}2`, ...IDS].map((one) => fullReport({ anonymous_id: one })) },
      key === undefined ? {} : { authorization: `Bearer ${key}` },
    );
  await post('a', 'write-key-of-a');
  await post('b');
  await post('c', 'write-key-of-c');
  await emptied(relay);
  expect([keys.get('a'), keys.get('a2'), keys.get('b'), keys.get('c')]).toEqual([
    'Bearer write-key-of-a',
    'Bearer write-key-of-a',
    'none',
    'Bearer write-key-of-c',
  ]);
  expect(encodings.filter((one) => one === 'gzip')).toHaveLength(1);
});
