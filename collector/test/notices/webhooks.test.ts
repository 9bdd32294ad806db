import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../src/logs/logger.js';
import type { AlertEvent, ToldCondition } from '../../src/notices/notice.js';
import { NOTICE_TIMES } from '../../src/notices/notice-times.js';
import { type NoticeParts, openNotices } from '../../src/notices/open-notices.js';
import { listReceivers } from '../../src/notices/receiver.js';
import type { WebhookFormat } from '../../src/rules/webhook-format.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { type Received, startReceiver } from '../support/webhook-receiver.js';

const condition = (
  name: string,
  state: ToldCondition['state'] = 'warning',
  more: Partial<ToldCondition> = {},
): ToldCondition => ({
  ...{ name, state, severity: 'warning', value: 91, unit: 'percent', threshold: 90 },
  since: '2026-11-29T12:00:00.000Z',
  reason: `${name} is bad.`,
  hint: 'Make it good.',
  link: `https://docs.example/${name}`,
  ...more,
});

const ill = (...names: string[]) => names.map((name) => condition(name));

const FAST = {
  ...NOTICE_TIMES,
  ...{ webhookMs: 300, gatherMs: 5, restMs: 5, firstRetryMs: 10, longestRetryMs: 40 },
  ...{ settleMs: 0, closeMs: 50 },
};

interface Sender extends ReturnType<typeof openNotices> {
  readonly log: () => string;
  readonly path: string;
}

/** Messages to webhooks, closed after the test. */
function open(
  urls: readonly string[],
  options: Partial<NoticeParts> & { readonly format?: WebhookFormat } = {},
): Sender {
  const { format = 'json', ...others } = options;
  let log = '';
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString();
      done();
    },
  });
  const path = options.path ?? join(temporaryFolder(), 'outbox.json');
  const notices = openNotices({
    receivers: listReceivers({
      alertWebhooks: urls.map((url) => ({ url, format })),
      digestWebhooks: [],
      mail: undefined,
    }),
    ...{ host: 'stats-1', version: '1.2.3', times: FAST, now: () => new Date() },
    ...{
      makeId: randomUUID,
      mayBegin: () => true,
      random: () => 0,
      logger: createLogger('trace', sink),
    },
    ...others,
    path,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= notices.close());
  onTestFinished(close);
  return { ...notices, close, path, log: () => log };
}

const eventsOf = (received: readonly Received[]): readonly AlertEvent[] =>
  received.flatMap(({ body }) => body['events'] as AlertEvent[]);

const told = (received: readonly Received[]): readonly string[] =>
  eventsOf(received).map(({ event, condition: { name } }) => `${event} ${name}`);

const keysOf = (received: readonly Received[]): readonly unknown[] =>
  received.map(({ headers }) => headers['idempotency-key']);

describe('what a webhook is told', () => {
  it('is that a condition begins and ends, once each', async () => {
    const receiver = await startReceiver();
    const sender = open([receiver.url]);
    sender.tell([condition('disk'), condition('cpu', 'ok')]);
    await receiver.get(1);
    sender.tell([condition('disk'), condition('cpu', 'ok')]);
    sender.tell([condition('disk', 'ok'), condition('cpu', 'ok')]);
    const received = await receiver.get(2);
    sender.tell([condition('disk', 'ok')]);
    await sender.close();
    expect(told(received)).toEqual(['begin disk', 'end disk']);
    expect(new Set(keysOf(received)).size).toBe(2);
    expect(received[0]).toMatchObject({
      method: 'POST',
      path: '/hooks/s3cret-path',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'headcount-collector/1.2.3',
        'idempotency-key': received[0]?.body['id'],
      },
    });
  });

  it('is as its golden file', async () => {
    const receiver = await startReceiver();
    let ids = 0;
    const sender = open([receiver.url], {
      makeId: () => `id-${++ids}`,
      now: () => new Date('2026-11-29T12:34:56.789Z'),
    });
    sender.tell([condition('disk')]);
    const [received] = await receiver.get(1);
    const golden = new URL('../fixtures/alerts-notice.json', import.meta.url);
    expect(received?.body).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
    const docs = readFileSync(
      new URL('../../../docs/collector/alerts.md', import.meta.url),
      'utf8',
    );
    expect(docs).toContain(readFileSync(golden, 'utf8').trim());
  });

  it('is that a condition has become worse', async () => {
    const receiver = await startReceiver();
    const sender = open([receiver.url]);
    sender.tell([condition('data')]);
    await receiver.get(1);
    sender.tell([condition('data', 'failing')]);
    const received = await receiver.get(2);
    expect(told(received)).toEqual(['begin data', 'change data']);
  });

  it('is one message where many conditions begin at the same time', async () => {
    const receiver = await startReceiver();
    const sender = open([receiver.url]);
    for (let n = 1; n <= 20; n++)
      sender.tell(ill(...Array.from({ length: n }, (_, at) => `c${at}`)));
    const received = await receiver.get(1);
    await sender.close();
    expect(received).toHaveLength(1);
    expect(eventsOf(received)).toHaveLength(20);
  });

  it('is the same for each of several, apart from one that is away', async () => {
    const [one, another] = [await startReceiver(), await startReceiver([500, 500])];
    const sender = open([one.url, another.url]);
    sender.tell(ill('disk'));
    expect(told(await one.get(1))).toEqual(['begin disk']);
    expect(told((await another.get(3)).slice(-1))).toEqual(['begin disk']);
  });
});

describe('a message that was not delivered', () => {
  it.each([
    ['an answer of 500', 500],
    ['an answer of 429', 429],
    ['an answer of 404', 404],
    ['a redirect', 302],
    ['a closed connection', (response) => void response.socket?.destroy()],
    ['no answer in time', () => undefined],
    ['half an answer', (response) => void response.socket?.end('HTTP/1.1 200')],
    ['another protocol', (response) => void response.socket?.end('hello\r\n\r\n')],
  ] satisfies [
    string,
    Parameters<typeof startReceiver>[0] extends (infer A)[] | undefined ? A : never,
  ][])('is sent again with the same key after %s', async (_name, answer) => {
    const receiver = await startReceiver([answer, answer]);
    const sender = open([receiver.url]);
    sender.tell(ill('disk'));
    const received = await receiver.get(3);
    sender.tell([]);
    await receiver.get(4);
    await sender.close();
    expect(told(received)).toEqual([...Array<string>(3).fill('begin disk'), 'end disk']);
    expect(new Set(keysOf(received.slice(0, 3))).size).toBe(1);
    expect(new Set(received.slice(0, 3).map(({ text }) => text)).size).toBe(1);
    const lines = sender
      .log()
      .split('\n')
      .filter((line) => line.includes('"receiver"'));
    expect(lines.filter((line) => line.includes('could not be delivered'))).toHaveLength(1);
    expect(sender.log()).toContain('messages are delivered again');
    expect(sender.log() + readFileSync(sender.path, 'utf8')).not.toContain('s3cret');
  });

  it('is sent to nobody else by a redirect', async () => {
    const other = await startReceiver();
    const receiver = await startReceiver([
      (response) => void response.writeHead(307, { location: other.url }).end(),
    ]);
    const sender = open([receiver.url]);
    sender.tell(ill('disk'));
    await receiver.get(2);
    await sender.close();
    expect(other.received).toEqual([]);
  });

  it.each([400, 413, 422])(
    'is dropped after an answer of %i, and the next one is sent',
    async (status) => {
      const receiver = await startReceiver([status]);
      const sender = open([receiver.url]);
      sender.tell(ill('disk'));
      await receiver.get(1);
      sender.tell(ill('disk', 'cpu'));
      const received = await receiver.get(2);
      expect(told(received)).toEqual(['begin disk', 'begin cpu']);
      expect(sender.log()).toContain('a message was refused and is dropped');
    },
  );

  it.each([
    ['seconds', () => '1'],
    ['a moment', () => new Date(Date.now() + 2000).toUTCString()],
  ])('is left alone for as long as Retry-After says, in %s', async (_name, retryAfter) => {
    const moments: number[] = [];
    const receiver = await startReceiver([
      (response) => {
        moments.push(performance.now());
        response.writeHead(429, { 'retry-after': retryAfter() }).end();
      },
      (response) => {
        moments.push(performance.now());
        response.end();
      },
    ]);
    const sender = open([receiver.url]);
    sender.tell(ill('disk'));
    await receiver.get(2);
    expect((moments[1] ?? 0) - (moments[0] ?? 0)).toBeGreaterThan(900);
  });

  it('does not grow while the receiver is away: the first and the last event are kept', async () => {
    const receiver = await startReceiver([500]);
    const sender = open([receiver.url], {
      times: { ...FAST, firstRetryMs: 300, longestRetryMs: 300 },
    });
    sender.tell(ill('disk'));
    await receiver.get(1);
    for (let n = 0; n < 50; n++) {
      sender.tell([]);
      sender.tell(ill('disk'));
    }
    sender.tell([]);
    const received = await receiver.get(3);
    expect(told(received)).toEqual(['begin disk', 'begin disk', 'end disk', 'end disk']);
    expect(eventsOf(received).map(({ left_out }) => left_out)).toEqual([0, 0, 0, 99]);
  });

  it('tells also what was over before it could be sent', async () => {
    const receiver = await startReceiver();
    const sender = open([receiver.url], { times: { ...FAST, gatherMs: 200 } });
    sender.tell(ill('disk'));
    sender.tell([]);
    const received = await receiver.get(1);
    expect(told(received)).toEqual(['begin disk', 'end disk']);
    expect(received).toHaveLength(1);
  });

  it('does not hold up the end of the collector', async () => {
    const receiver = await startReceiver([() => undefined]);
    const sender = open([receiver.url], { times: { ...FAST, webhookMs: 60_000 } });
    sender.tell(ill('disk'));
    await receiver.get(1);
    const startedMs = performance.now();
    await sender.close();
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });

  it('ends with an answer without an end', async () => {
    const receiver = await startReceiver([
      (response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
        response.on('close', () => clearInterval(timer));
        response.on('error', () => undefined);
      },
    ]);
    const sender = open([receiver.url]);
    sender.tell(ill('disk'));
    await receiver.get(1);
    sender.tell([]);
    expect(told(await receiver.get(2))).toEqual(['begin disk', 'end disk']);
  });
});

describe('after a restart', () => {
  it('what was told is not told again, and its end is', async () => {
    const receiver = await startReceiver();
    const first = open([receiver.url]);
    first.tell(ill('disk', 'cpu'));
    await receiver.get(1);
    await first.close();
    const second = open([receiver.url], { path: first.path });
    second.tell(ill('disk', 'cpu'));
    second.tell(ill('cpu', 'log'));
    await until('it is told', () => told(receiver.received).includes('begin log'));
    await second.close();
    expect([...told(receiver.received)].sort()).toEqual(
      ['begin disk', 'begin cpu', 'end disk', 'begin log'].sort(),
    );
  });

  it('an end is told only once everything has been looked at', async () => {
    const receiver = await startReceiver();
    const first = open([receiver.url]);
    first.tell(ill('unusual'));
    await receiver.get(1);
    await first.close();
    const second = open([receiver.url], { path: first.path, times: { ...FAST, settleMs: 300 } });
    second.tell([condition('unusual', 'ok')]);
    second.tell(ill('unusual'));
    second.tell(ill('unusual', 'disk'));
    expect(told(await receiver.get(2))).toEqual(['begin unusual', 'begin disk']);
    second.tell([condition('unusual', 'ok')]);
    expect(told(await receiver.get(3))).toContain('end unusual');
  });

  it('a message whose answer is not known is sent again, the same and with the same key', async () => {
    const receiver = await startReceiver([() => undefined]);
    const first = open([receiver.url], { times: { ...FAST, webhookMs: 60_000 } });
    first.tell(ill('disk'));
    await receiver.get(1);
    first.tell(ill('disk', 'cpu'));
    await first.close();
    const second = open([receiver.url], { path: first.path });
    second.tell(ill('disk', 'cpu'));
    const received = await receiver.get(3);
    expect(told(received)).toEqual(['begin disk', 'begin disk', 'begin cpu']);
    expect(received[0]?.text).toBe(received[1]?.text);
    expect(keysOf(received)[0]).toBe(keysOf(received)[1]);
  });

  it('the pause that a receiver has asked for still holds', async () => {
    const receiver = await startReceiver([
      (response) => void response.writeHead(429, { 'retry-after': '1' }).end(),
    ]);
    const first = open([receiver.url]);
    first.tell(ill('disk'));
    await receiver.get(1);
    const askedMs = performance.now();
    await until('it is written down', () =>
      readFileSync(first.path, 'utf8').includes('"failures":1'),
    );
    await first.close();
    const second = open([receiver.url], { path: first.path });
    second.tell(ill('disk'));
    await receiver.get(2);
    expect(performance.now() - askedMs).toBeGreaterThan(700);
  });

  it.each([
    ['has other members', (path: string) => writeFileSync(path, '{"version":1,"receivers":7}')],
    ['is cut off', (path: string) => writeFileSync(path, '{"version":1,"rec')],
    ['is a folder', (path: string) => mkdirSync(path)],
  ])('an outbox that %s is said, and everything is told anew', async (_name, damage) => {
    const receiver = await startReceiver();
    const path = join(temporaryFolder(), 'outbox.json');
    damage(path);
    const sender = open([receiver.url], { path });
    sender.tell(ill('disk'));
    expect(told(await receiver.get(1))).toEqual(['begin disk']);
    expect(sender.log()).toContain('the outbox is damaged');
  });

  it('a receiver that is new is told what is wrong, and one that is gone is forgotten', async () => {
    const [old, fresh] = [await startReceiver(), await startReceiver()];
    const first = open([old.url]);
    first.tell(ill('disk'));
    await old.get(1);
    await first.close();
    const second = open([fresh.url], { path: first.path });
    second.tell(ill('disk'));
    expect(told(await fresh.get(1))).toEqual(['begin disk']);
    await second.close();
    expect(
      Object.keys((JSON.parse(readFileSync(first.path, 'utf8')) as Outbox).receivers),
    ).toHaveLength(1);
  });
});

interface Outbox {
  readonly receivers: Record<string, unknown>;
}

it('tries again while nobody listens, and delivers once somebody does', async () => {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const sender = open([`http://127.0.0.1:${port}/x`]);
  sender.tell(ill('disk'));
  await until('it has failed', () => sender.log().includes('cannot be reached (ECONNREFUSED)'));
  const receiver = await startReceiver([], { port });
  expect(told(await receiver.get(1))).toEqual(['begin disk']);
});

it('sends also while the outbox cannot be written, and says so once', async () => {
  const receiver = await startReceiver();
  const sender = open([receiver.url], { path: join(temporaryFolder(), 'nowhere', 'outbox.json') });
  sender.tell(ill('data'));
  await receiver.get(1);
  sender.tell([]);
  expect(told(await receiver.get(2))).toEqual(['begin data', 'end data']);
  expect(sender.log().match(/the outbox cannot be written/g)).toHaveLength(1);
});

it('tells receivers apart in the log, by number, format and host, without their secrets', async () => {
  const urls = ['services/secret-a', 'services/secret-b'].map((path) => {
    return `http://someone:password@127.0.0.1:1/${path}`;
  });
  const sender = open(urls, { format: 'slack' });
  sender.tell(ill('disk'));
  const names = ['webhook 1 (slack, 127.0.0.1:1)', 'webhook 2 (slack, 127.0.0.1:1)'];
  await until('both have failed', () => names.every((name) => sender.log().includes(name)));
  expect(sender.log()).not.toMatch(/secret|someone|password/);
  const [first = '', second = ''] = urls;
  const both = listReceivers({
    alertWebhooks: [{ url: first, format: 'slack' }],
    digestWebhooks: [first, second].map((url) => ({ url, format: 'slack' as const })),
    mail: undefined,
  });
  expect(
    both.map(({ name, takesAlerts, takesDigest }) => [name, takesAlerts, takesDigest]),
  ).toEqual([
    [names[0], true, true],
    [names[1], false, true],
  ]);
});
