import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { runNode } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const example = (path: string) => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));

describe('the examples', () => {
  it('hello-cli greets and is counted', async () => {
    const collector = await startCollector();
    const env = { HEADCOUNT_ENDPOINT: collector.address };
    const run = await runNode(example('hello-cli/hello.js'), tempFolder('home'), {
      env,
      args: ['Ada'],
    });
    expect(run).toMatchObject({ code: 0, stdout: 'Hello, Ada!\n', stderr: '' });
    await eventually(
      async () => (await collector.stats('hello-cli')).total_users === 1,
      'hello-cli counted',
    );
  });

  it.each([
    ['commander', 'on: this is the default'],
    ['citty', 'off: the program asks first'],
  ])('%s-cli mounts the user’s commands and shows the notice once', async (parser, words) => {
    const home = tempFolder('home');
    const run = (...args: string[]) => runNode(example(`${parser}-cli/acme.js`), home, { args });
    const first = await run('greet', 'Ada');
    expect(first).toMatchObject({ code: 0, stdout: 'Hello, Ada!\n' });
    expect(first.stderr).toContain('acme telemetry show');
    expect(await run('greet', 'Ada')).toMatchObject({ code: 0, stderr: '' });
    expect((await run('telemetry')).stdout).toContain(words);
    expect(await run('telemetry', 'off')).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await run('telemetry', 'status', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'off', reason: 'choice' });
    expect(await run('telemetry', 'nonsense')).toMatchObject({ code: 2, stdout: '' });
  });

  it('hello-server greets, is counted, and tells at its end what was sent', async () => {
    const collector = await startCollector();
    const server = spawn(process.execPath, [example('hello-server/server.js')], {
      env: {
        PATH: process.env['PATH'],
        HOME: tempFolder('home'),
        PORT: '0',
        HEADCOUNT_ENDPOINT: collector.address,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void server.kill('SIGKILL'));
    let said = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise((resolve) => server.once('close', resolve));
    const address = await eventually(() => /http:\S+/.exec(said)?.[0], 'hello-server to listen');
    expect(await (await fetch(address)).text()).toBe('Hello, world!\n');
    server.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said).toContain('Telemetry: 2 sent, 0 kept');
    expect((await collector.stats('hello-server')).total_reports).toBe(2);
  });
});
