import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectAllArriveOnce, TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { startFaultServer } from '../support/fault-server.js';
import { PORT_INSIDE, startNames } from '../support/name-server.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';
import { createAppPair, expectSameAsWithout } from '../support/same-as-without.js';
import { tempFolder } from '../support/temp-folder.js';

const NAME = 'stats.headcount.test';

describe('where the name server never answers', () => {
  it('a program ends as it would without Headcount, and delivers later', async () => {
    const server = await startFaultServer();
    const { wrapper, asked } = await startNames();
    const pair = createAppPair({
      'cli.mjs': TRACK_ONCE,
      'later.mjs': TRACK_ONCE,
      'server.mjs': `import { createHeadcount } from 'headcount';
        createHeadcount({ flushIntervalMs: 0 }).track(); setTimeout(() => console.log('done'), 500);`,
      'close.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 0 }); headcount.track();
        const started = performance.now();
        await headcount.close({ timeoutMs: 300 });
        console.log(performance.now() - started < 1_000);`,
    });
    const env = {
      HEADCOUNT_ENDPOINT: `http://${NAME}:${server.port}`,
      HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0',
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
          .replace(`flushIntervalMs: 0`, `flushIntervalMs: 0, allowInsecure: true`);
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
    await eventually(() => asked().length > 0, 'a question to the name server');
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

describe('a name that only the search list makes whole', () => {
  it('is found by a program that lives on, as a service of Kubernetes is', async () => {
    const { wrapper, asked, requests } = await startNames({
      resolvConf: 'search shop.svc.cluster.test svc.cluster.test\noptions ndots:5\n',
      known: ['stats.svc.cluster.test'],
    });
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ allowInsecure: true }); headcount.track();
        console.log(JSON.stringify(await headcount.flush({ timeoutMs: 10_000 })));
        process.kill(process.pid, 'SIGKILL'); // no child sends for it`,
    });
    const env = { HEADCOUNT_ENDPOINT: `http://stats:${PORT_INSIDE}` };
    const { stdout } = await app.run('server.mjs', { env, wrapper });
    expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect(requests()).toBe(1);
    expect(new Set(asked())).toEqual(
      new Set(['stats.shop.svc.cluster.test', 'stats.svc.cluster.test']),
    );
  });
});

describe('a name that is not found while the program lives', () => {
  it.each([
    ['flushes', 'await headcount.flush({ timeoutMs: 10_000 });'],
    [
      'waits',
      `while (!headcount.status().error) await new Promise((next) => setTimeout(next, 20));`,
    ],
  ])('is left to the process that takes over at its end: one that %s', async (_how, wait) => {
    const { wrapper, requests, knownFile } = await startNames({ known: [] });
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount'; import fs from 'node:fs';
        const headcount = createHeadcount({ allowInsecure: true }); headcount.track();
        ${wait}
        const { error, queued, nextAttempt } = headcount.status();
        const waitsMs = Date.parse(nextAttempt) - Date.now();
        console.log(JSON.stringify({ error, queued, waits: waitsMs > 30_000 && waitsMs <= 60_000 }));
        fs.writeFileSync(${JSON.stringify(knownFile)}, JSON.stringify(['${NAME}']));`,
    });
    const env = { HEADCOUNT_ENDPOINT: `http://${NAME}:${PORT_INSIDE}` };
    const { stdout } = await app.run('server.mjs', { env, wrapper });
    expect(JSON.parse(stdout)).toEqual({ error: 'ENOTFOUND', queued: 1, waits: true });
    await eventually(() => requests() === 1, 'the report at the collector');
  });
});
