import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CLI } from '../support/built.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MB = 1024 ** 2;

/** Node alone takes 50 MB; a file of 160 MB must not be in memory. */
const MOST_BYTES = 150 * MB;

/** Seconds of a processor for 1,000,000 lines: they are read faster than 20,000 a second. */
const MOST_SECONDS = 50;

/** Has a process say at its end what it took. */
const TELL_USAGE = encodeURIComponent(`process.on('exit', () => {
  const { maxRSS, userCPUTime } = process.resourceUsage();
  console.error('took ' + maxRSS + ' kB, ' + userCPUTime + ' us');
})`);

async function run(...args: string[]) {
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${TELL_USAGE}` };
  const command = await startProcess(['logs', ...args], env);
  expect([await command.ended, command.stderr()]).toEqual([0, expect.stringContaining('took ')]);
  const [, kb, us] = /took (\d+) kB, (\d+) us/.exec(command.stderr()) ?? [];
  return { out: command.stdout(), bytes: Number(kb) * 1024, seconds: Number(us) / 1e6 };
}

function write(path: string, pieces: Iterable<string>): void {
  const fd = openSync(path, 'w');
  for (const piece of pieces) writeSync(fd, piece);
  closeSync(fd);
}

function* dayOfLines(lines: number, isMeant: (n: number) => boolean): Generator<string> {
  const begin = Date.now() - 86_400_000 + 60_000;
  let piece = '';
  for (let n = 0; n < lines; n++) {
    if (!isMeant(n)) continue;
    const time = new Date(begin + (n * 86_000_000) / lines).toISOString();
    const isBurst = n > 700_000 && n < 705_000;
    piece += `${JSON.stringify(
      n % 100 === 0 || isBurst
        ? {
            level: 'error',
            time,
            source: 'jobs',
            error: { code: 'SQLITE_FULL' },
            msg: `job ${n} failed`,
          }
        : {
            level: 'info',
            time,
            source: 'requests',
            route: `/r${n % 7}`,
            ms: n % 50,
            msg: 'request',
          },
    )}\n`;
    if (piece.length < 100_000) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

it('a report on a day of 1,000,000 lines takes little memory, ends, and shows how far it is', async () => {
  const lines = 1_000_000;
  const data = temporaryFolder();
  mkdirSync(join(data, 'logs'));
  const isError = (n: number): boolean => n % 100 === 0 || (n > 700_000 && n < 705_000);
  const path = (logClass: string): string => join(data, 'logs', `${logClass}-2026-11-28.ndjson`);
  write(
    path('access'),
    dayOfLines(lines, (n) => !isError(n)),
  );
  write(path('error'), dayOfLines(lines, isError));
  const { out, bytes, seconds } = await run('report', '--data', data, '--json');
  const report = JSON.parse(out) as Record<string, unknown>;
  const errors = 10_000 + 4999 - 49;
  expect(report).toMatchObject({
    ...{ lines, errors, kinds: [{ message: 'job <n> failed (SQLITE_FULL)', count: errors }] },
    bursts: [{}],
  });
  expect(report['routes']).toHaveLength(7);
  expect(bytes).toBeLessThan(MOST_BYTES);
  expect(seconds).toBeLessThan(MOST_SECONDS);
  const command = `${process.execPath} ${CLI} logs report --data ${data}`;
  const shown = execFileSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' });
  expect(shown).toMatch(/\r980000 lines are read …/);
  expect(shown).toContain(`${lines} lines, from `);
});

it.each([
  ['one of 100 MB', 'x', '\nlast'],
  ['one of 100 MB without an end', 'x', ''],
  ['a hole of 100 MB', '\0', 'last'],
])('a line takes little memory, however long it is: %s', async (_what, filling, end) => {
  const file = join(temporaryFolder(), 'app.log');
  write(file, [...Array.from({ length: 100 }, () => filling.repeat(MB)), end]);
  for (const args of [['--since', '2020-01-01'], [], ['report']]) {
    const { out, bytes } = await run('--file', file, ...args);
    expect(out.length).toBeLessThan(MB);
    if (end !== '' && args.length === 0) expect(out).toMatch(/"message":"(… )?last"/);
    expect(bytes).toBeLessThan(MOST_BYTES);
  }
});
