import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectAllArriveOnce, TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { startFaultServer } from '../support/fault-server.js';
import type { RunOptions } from '../support/run-app.js';
import { createAppPair, expectSameAsWithout } from '../support/same-as-without.js';
import { tempFolder } from '../support/temp-folder.js';

const NAME = 'stats.headcount.test';

/** A network of its own whose name server takes questions and never answers. */
async function startSilentNames(): Promise<{ wrapper: string[]; asked: () => number }> {
  const folder = tempFolder('names');
  const resolv = join(folder, 'resolv.conf');
  const server = join(folder, 'silent.mjs');
  writeFileSync(resolv, 'nameserver 127.0.0.53\n');
  writeFileSync(
    server,
    `import { createSocket } from 'node:dgram';
     createSocket('udp4').on('message', () => process.stdout.write('?'))
       .bind(53, '127.0.0.53', () => process.stdout.write('bound'));`,
  );
  const script = `ip link set lo up && mount --bind "$1" /etc/resolv.conf && exec "$2" "$3"`;
  const holder: ChildProcess = spawn(
    'unshare',
    ['--net', '--mount', 'sh', '-c', script, 'sh', resolv, process.execPath, server],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void holder.kill('SIGKILL'));
  let said = '';
  holder.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  await eventually(() => said.startsWith('bound'), 'the silent name server');
  // unshare and sh have become the server by exec: its pid is the child's.
  return {
    wrapper: ['nsenter', '--target', String(holder.pid), '--net', '--mount', '--'],
    asked: () => said.length - 'bound'.length,
  };
}

describe('where the name server never answers', () => {
  it('a program ends as it would without Headcount, and delivers later', async () => {
    const server = await startFaultServer();
    const { wrapper, asked } = await startSilentNames();
    const pair = createAppPair({
      'cli.mjs': TRACK_ONCE,
      'later.mjs': TRACK_ONCE,
      'server.mjs': `import { createHeadcount } from 'headcount';
        createHeadcount({ flushAfterMs: 0 }).track(); setTimeout(() => console.log('done'), 500);`,
      'close.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushAfterMs: 0 }); headcount.track();
        const started = performance.now();
        await headcount.close({ timeoutMs: 300 });
        console.log(performance.now() - started < 1_000);`,
    });
    const env = {
      HEADCOUNT_ENDPOINT: `http://${NAME}:${server.port}`,
      HEADCOUNT_EXIT_UPLOAD_EVERY_MS: '0',
    };
    const code = await import('node:fs/promises');
    // Plain http to a name is refused unless the code allows it, so the code does.
    for (const app of [pair.real, pair.without]) {
      for (const script of ['cli.mjs', 'later.mjs', 'server.mjs', 'close.mjs']) {
        const file = join(app.folder, script);
        const text = (await code.readFile(file, 'utf8'))
          .replace(
            `import { track } from 'headcount'; track();`,
            `import { createHeadcount } from 'headcount';
             createHeadcount({ allowInsecure: true }).track();`,
          )
          .replace(`flushAfterMs: 0`, `flushAfterMs: 0, allowInsecure: true`);
        writeFileSync(file, text);
      }
    }
    const options: RunOptions = { env, wrapper };
    await expectSameAsWithout(pair, 'cli.mjs', options);
    await expectSameAsWithout(pair, 'server.mjs', options);
    expect(await pair.real.run('close.mjs', options)).toMatchObject({
      code: 0,
      stdout: 'true\n',
      stderr: '',
    });
    await eventually(() => asked() > 0, 'a question to the name server');
    expect(server.connections()).toBe(0);
    await eventually(() => exitChildren(pair.real.home).length === 0, 'no child left', 20_000);

    const hosts = join(tempFolder('hosts'), 'hosts');
    writeFileSync(hosts, `127.0.0.1 ${NAME}\n`);
    const known = [
      'unshare',
      '--mount',
      'sh',
      '-c',
      `mount --bind ${hosts} /etc/hosts; exec "$@"`,
      'sh',
    ];
    await expectAllArriveOnce({
      app: pair.real,
      accepted: server.accepted,
      tracked: 7,
      options: { env, wrapper: known },
    });
  });
});
