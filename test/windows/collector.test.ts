import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { createWindowsApp, windowsPath } from '../support/windows.js';
import { WINDOWS_TOOLS } from '../support/windows-tools.js';

const COLLECTOR = windowsPath(
  fileURLToPath(new URL('../../collector/dist/cli.js', import.meta.url)),
);

/** Runs a collector, and obeys a file: `end` is Ctrl+C, and `kill` the end of the process. */
const SERVE = `import { existsSync } from 'node:fs';
  import { pathToFileURL } from 'node:url';
  let isTold = false; // the second SIGINT would end it at once
  setInterval(() => {
    if (!isTold && existsSync('end.txt')) {
      isTold = true;
      process.emit('SIGINT', 'SIGINT');
    }
    if (existsSync('kill.txt')) process.kill(process.pid, 'SIGKILL');
  }, 100).unref();
  await import(pathToFileURL(process.env.COLLECTOR));`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // an address, since it listens
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('a collector counts there, loses nothing when it is killed, and ends clean', async () => {
  const app = createWindowsApp({ 'cli.mjs': TRACK_ONCE, 'serve.mjs': SERVE });
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const serve = async () => {
    const running = app.run('serve.mjs', {
      args: ['serve', '--port', String(port), '--data', 'data', '--no-metrics'],
      // libsql looks for its part for Windows beside itself, and then there.
      env: { COLLECTOR, NODE_PATH: windowsPath(join(WINDOWS_TOOLS, 'node_modules')) },
      limitMs: 150_000,
    });
    const early = running.then(({ stderr }) => {
      throw new Error(`the collector ended: ${stderr}`);
    });
    const isHealthy = () =>
      fetch(`${address}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    await Promise.race([early, eventually(isHealthy, 'a healthy collector', 90_000)]);
    early.catch(() => undefined); // from now on it is told to end
    return { ended: running };
  };
  const counted = async (): Promise<unknown> => {
    const token = readFileSync(join(app.folder, 'data/admin-token'), 'utf8').trim();
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${address}/stats?project=acme-cli`, { headers })).json();
  };
  const tell = (word: 'kill' | 'end'): void => writeFileSync(join(app.folder, `${word}.txt`), '');
  const first = await serve();
  const env = { HEADCOUNT_ENDPOINT: address };
  expect(await app.run('cli.mjs', { env })).toEqual({ code: 0, stdout: 'done\n', stderr: '' });
  const one = { total_users: 1, total_reports: 1, os_distribution: { Windows: 1 } };
  await eventually(async () => {
    const { total_reports } = (await counted()) as typeof one;
    return total_reports === 1;
  }, 'the report to be counted');
  tell('kill');
  expect((await first.ended).code).not.toBe(0);
  rmSync(join(app.folder, 'kill.txt'));
  const second = await serve();
  expect(await counted()).toMatchObject(one);
  tell('end');
  expect(await second.ended).toMatchObject({ code: 0 });
}, 300_000);
