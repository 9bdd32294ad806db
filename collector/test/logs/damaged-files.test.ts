import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { followOwn } from '../../src/log-reading/own-lines.js';
import { withToken } from '../support/admin-token.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Each test has a day of its own. */
const filterOf = (day: string): string => `from=${day}T00:00:00Z&to=${day}T23:59:59Z`;

const lineAt = (moment: string, msg: string, more: object = {}): string =>
  `${JSON.stringify({ level: 'info', time: `${moment}Z`, source: 'jobs', ...more, msg })}\n`;

const undo: (() => void | Promise<void>)[] = [];
let collector: TestCollector;
let folder: string;

beforeAll(async () => {
  collector = await startCollector({}, (step) => undo.unshift(step));
  folder = join(collector.data, 'logs');
  mkdirSync(folder, { recursive: true });
});

afterAll(async () => {
  for (const step of undo) await step();
});

const get = (url: string) => collector.get(url, withToken());

/** All pages together. */
async function readAll(query: string): Promise<{ said: string[]; pages: number }> {
  const said: string[] = [];
  let pages = 0;
  for (let cursor = ''; pages < 50;) {
    const { status, body } = await get(`/v1/logs?${query}${cursor}`);
    expect(status).toBe(200);
    said.push(...(body['logs'] as { message: string }[]).map(({ message }) => message));
    pages++;
    const { next } = body;
    if (typeof next !== 'string') break;
    cursor = `&cursor=${next}`;
  }
  return { said, pages };
}

it('the first generation’s routes refuse what is out of range, and never give more than 2000', async () => {
  const many = Array.from({ length: 3000 }, (_, n) => lineAt('2026-11-21T10:00:00', `n${n}`)).join(
    '',
  );
  writeFileSync(join(folder, 'access-2026-11-21.ndjson'), many);
  const { body } = await get('/logs?lines=2000&source=jobs');
  const { logs } = body as { logs: { message: string }[] };
  expect(logs.length).toBeGreaterThan(1900);
  expect(logs.length).toBeLessThanOrEqual(2000);
  expect(logs.at(-1)?.message).toBe('n2999');
  for (const query of [
    ...[
      'lines=0',
      'lines=-1',
      'lines=2001',
      'lines=1e3',
      'lines=',
      'lines=1&lines=2',
      'nonsense=1',
    ],
    ...[`level=${'A'.repeat(21)}`, `source=${'s'.repeat(101)}`],
  ]) {
    const { status, body: problem } = await get(`/logs?${query}`);
    expect([query, status, problem['code']]).toEqual([query, 400, 'bad_parameter']);
  }
  expect((await get('/logs?level=NONE')).body).toEqual({ success: true, logs: [] });
  expect((await get('/logs?source=%00')).status).not.toBe(500);
});

describe('GET /v1/logs', () => {
  it('finds every line between what is none, once', async () => {
    const day = '2026-11-20';
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    writeFileSync(
      join(folder, `access-${day}.ndjson`),
      Buffer.concat([
        Buffer.from(lineAt(`${day}T10:00:00`, 'one')),
        Buffer.alloc(9_000_000, 'x'), // 9 MB without a line break
        Buffer.from('\n'),
        Buffer.alloc(1_000_000),
        Buffer.from(`\n${lineAt(`${day}T10:00:01`, 'two').replace('\n', '\r\n')}`),
        Buffer.from([0xff, 0xc3, 0x28, 10]),
        Buffer.from(`{"level":"info","time":"${day}T10:00:02Z","msg":"deep","x":${deep}}\n`),
        Buffer.from(lineAt(`${day}T10:00:03`, 'three', { ['__proto__']: { level: 'fatal' } })),
        Buffer.from('{"level":"info","time":"2026-11-20T10:00:04Z","msg":"to'),
      ]),
    );
    writeFileSync(join(folder, `error-${day}.ndjson`), Buffer.alloc(5_000_000, 'y'));
    const { said, pages } = await readAll(`limit=2&${filterOf(day)}`);
    expect(said).toEqual(['three', 'two', 'one']);
    expect(pages).toBeLessThan(10);
    const { body } = await get(`/v1/logs/counts?${filterOf(day)}`);
    expect(body).toMatchObject({ levels: { info: 3 }, truncated: false });
  });

  it('looks at files alone: a folder or a pipe may have the name of one', async () => {
    const day = '2026-11-15';
    writeFileSync(join(folder, `access-${day}.ndjson`), lineAt(`${day}T10:00:00`, 'one'));
    mkdirSync(join(folder, `access-${day}.1.ndjson`));
    execFileSync('mkfifo', [join(folder, `error-${day}.ndjson`)]);
    expect((await readAll(filterOf(day))).said).toEqual(['one']);
  });

  it('finds lines before the clock was put back by a little', async () => {
    const day = '2026-11-10';
    writeFileSync(
      join(folder, `access-${day}.ndjson`),
      lineAt(`${day}T10:00:00`, 'one') +
        lineAt(`${day}T10:00:30`, 'two') +
        lineAt(`${day}T09:59:40`, 'back'),
    );
    const from = `from=${day}T10:00:00Z&to=${day}T23:59:59Z`;
    expect((await readAll(from)).said).toEqual(['two', 'one']);
  });
});

it('the files are followed when the clock is put back over midnight', async () => {
  const own = temporaryFolder();
  const path = (day: number): string => join(own, `access-2026-11-${day}.ndjson`);
  writeFileSync(path(20), lineAt(`2026-11-20T23:59:59`, 'old'));
  writeFileSync(path(21), lineAt(`2026-11-21T00:00:00`, 'old'));
  const tail = await followOwn(own, ['access', 'error']);
  onTestFinished(() => tail.close());
  appendFileSync(path(20), lineAt(`2026-11-20T23:59:58`, 'back'));
  expect((await tail.poll()).map(({ message }) => message)).toEqual(['back']);
});
