import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { createTestApp, type TestApp } from '../support/run-app.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const CLOSED = 141;
/** The pipe is closed before anything is written: `exec` waits for the end of the reader. */
const CLOSED_PIPE = `
  import { spawn } from 'node:child_process';
  import { openSync, closeSync } from 'node:fs';
  const [stream, ...command] = process.argv.slice(2);
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  child[stream].destroy();
  let said = '';
  const other = stream === 'stdout' ? 'stderr' : 'stdout';
  child[other].setEncoding('utf8').on('data', (text) => (said += text));
  child.on('close', (code, signal) => console.log(JSON.stringify({ code, signal, said })));`;

function closed(app: TestApp, stream: 'stdout' | 'stderr', script: string, args: string[]) {
  const found = spawnSync(process.execPath, ['closed.mjs', stream, script, ...args], {
    cwd: app.folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: app.home, HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' },
  });
  return JSON.parse(found.stdout) as { code: number; signal: string | null; said: string };
}

const createApp = (): TestApp =>
  createTestApp({
    'closed.mjs': CLOSED_PIPE,
    'mounted.mjs': `import { createHeadcount } from 'headcount';
      import { runCommand } from 'headcount/cli';
      const before = process.stdout.listenerCount('error');
      process.exitCode = await runCommand(createHeadcount(), process.argv.slice(2));
      if (process.stdout.listenerCount('error') !== before) process.exitCode = 99;`,
  });

describe('a pipe that its reader has closed', () => {
  it.each(Object.keys(COMMANDS))('ends "%s" without a message', (word) => {
    const app = createApp();
    const args = word === 'manifest' ? [word] : [word, '--project', 'acme-cli'];
    for (const more of [[], ['--json']]) {
      const { code, signal, said } = closed(app, 'stdout', BIN, [...args, ...more]);
      expect(signal).toBeNull();
      expect(said).not.toMatch(/EPIPE|^ {4}at |node:/m);
      // A command that has failed may have printed on the other stream alone.
      expect([CLOSED, 1]).toContain(code);
    }
  });

  it('ends the help, the version and a mistake too, on either stream', () => {
    const app = createApp();
    expect(closed(app, 'stdout', BIN, ['--help'])).toMatchObject({ code: CLOSED, said: '' });
    expect(closed(app, 'stdout', BIN, ['--version'])).toMatchObject({ code: CLOSED, said: '' });
    expect(closed(app, 'stderr', BIN, ['nonsense'])).toMatchObject({ code: CLOSED, said: '' });
  });

  it('undoes nothing that the command has done', () => {
    const app = createApp();
    expect(closed(app, 'stdout', BIN, ['off'])).toMatchObject({ code: CLOSED });
    expect(existsSync(join(app.home, '.config/headcount/_all/choice'))).toBe(true);
  });

  it('does no harm to a program that has mounted the commands, and leaves no listener', () => {
    const app = createApp();
    expect(closed(app, 'stdout', 'mounted.mjs', ['status'])).toMatchObject({
      code: CLOSED,
      said: '',
    });
    expect(closed(app, 'stderr', 'mounted.mjs', ['nonsense'])).toMatchObject({ code: CLOSED });
  });

  it('does not end what another one still reads: a large output arrives whole', () => {
    const app = createApp();
    const folder = join(app.home, '.local/share/headcount/acme-cli');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const large = JSON.stringify({ reports: ['x'.repeat(2_000_000)] });
    writeFileSync(join(folder, 'last-request.json'), large);
    const { stdout } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${BIN}" show --project acme-cli | (sleep 0.5; cat)`],
      {
        encoding: 'utf8',
        maxBuffer: 10_000_000,
        env: { PATH: process.env['PATH'], HOME: app.home },
      },
    );
    expect(stdout.trimEnd().endsWith(large)).toBe(true);
  });

  it.skipIf(!existsSync('/dev/full'))('is told from a full disk, which is a failure', () => {
    const app = createApp();
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${BIN}" --help > /dev/full`],
      {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: app.home },
      },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The output could not be written: .*ENOSPC.*\n$/);
  });
});
