import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import { startNamespace } from '../support/namespace.js';
import { AS_ADA, CONFIG, STATE, TELL, FILES, told, at } from '../support/other-users.js';
import { createTestApp } from '../support/run-app.js';
import { createAppPair, expectSameAsWithout } from '../support/same-as-without.js';

describe('a program whose folders answer as no folder should', () => {
  /** A folder that was removed, and is still there as the root of a mount. */
  const removed = (folder: string): string =>
    `mkdir -p "${folder}" "$1.removed"; mount --bind "$1.removed" "${folder}"; rmdir "$1.removed"`;

  it.each([
    ['home', '$1'],
    ['config folder', '$1/.config'],
    ['data folder', '$1/.local/share'],
    ['outbox', `$1/${STATE}/outbox`],
    ['project’s config folder', `$1/${CONFIG}`],
  ])('whose %s was removed and is still mounted is not hurt', async (_, folder) => {
    const server = await startFaultServer();
    const pair = createAppPair(FILES);
    const { wrapper } = await startNamespace(removed(folder), pair.real.home);
    const options = { ...at(server.address), wrapper };
    await expectSameAsWithout(pair, 'cli.mjs', options);
    expect(told(await pair.real.run('flush.mjs', options)).mode).toBe('on');
    await eventually(() => server.accepted().length === 4, 'all four reports');
  });

  it('whose outbox is removed while it runs goes on from memory', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      'app.mjs': `import { execFileSync } from 'node:child_process';
        import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 60_000 }); headcount.track();
        execFileSync('sh', ['-euc', ${JSON.stringify(removed('$1').replaceAll('$1.removed', '$2'))},
          'sh', process.env.HOME + '/${STATE}/outbox', process.env.HOME + '/removed']);
        headcount.track(); headcount.track();
        await headcount.flush({ timeoutMs: 5_000 }); ${TELL}`,
    });
    const { wrapper } = await startNamespace(':', app.home);
    const { storage, sent } = told(await app.run('app.mjs', { ...at(server.address), wrapper }));
    expect({ storage, sent }).toEqual({ storage: 'memory', sent: 2 });
  });

  it.each<[string, string, Record<string, string | undefined>]>([
    ['whose temp folder was removed', removed('$1/tmp'), { TMPDIR: '<home>/tmp' }],
    ['whose home links to itself', 'ln -s "$1/loop" "$1/loop"', { HOME: '<home>/loop' }],
    ['whose config folder links to itself', 'ln -s .config "$1/.config"', {}],
    ['whose config folder links to nothing', 'ln -s nothing "$1/.config"', {}],
    ['whose data folder is a file', 'mkdir "$1/.local"; touch "$1/.local/share"', {}],
    ['whose home has a name that is too long', ':', { HOME: `/${'x'.repeat(300)}/y` }],
    ['whose home has a path that is too long', ':', { HOME: '/xx'.repeat(3_000) }],
    ['whose home is deep and missing', ':', { HOME: `<home>${'/x'.repeat(1_000)}` }],
  ])('%s is not hurt', async (_, script, env) => {
    const server = await startFaultServer();
    const pair = createAppPair(FILES);
    const { home } = pair.real;
    const { wrapper } = await startNamespace(script, home);
    const named = Object.entries(env).map(([name, value]) => [
      name,
      value?.replace('<home>', home),
    ]);
    const given = Object.fromEntries(named) as typeof env;
    await expectSameAsWithout(pair, 'cli.mjs', { ...at(server.address, given), wrapper });
    const flushed = await pair.real.run('flush.mjs', { ...at(server.address, given), wrapper });
    // A choice behind a link that leads to itself cannot be looked for: it may be a no.
    if (told(flushed).reason === 'unreadable-choice') return;
    await eventually(() => server.accepted().length === 4, 'all four reports');
  });

  it.each(['ENOENT', 'EEXIST', 'EIO', 'ENOSYS', 'EROFS', 'ELOOP'])(
    'where no folder can be made (%s) is not hurt',
    async (code) => {
      const server = await startFaultServer();
      const pair = createAppPair(FILES);
      const wrapper = injecting('mkdir,mkdirat', code);
      const options = { ...at(server.address), wrapper };
      const run = await pair.real.run('flush.mjs', options);
      expect(told(run)).toMatchObject({ mode: 'on', storage: 'memory', sent: 1 });
      expect(run.ms).toBeLessThan(10_000);
    },
  );

  it('whose working folder was deleted is not hurt', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const wrapper = ['sh', '-c', 'd=$(mktemp -d); cd "$d"; rmdir "$d"; exec "$@"', 'sh'];
    const { mode, sent } = told(
      await app.run('flush.mjs', { ...at(server.address, { HOME: app.home }), wrapper }),
    );
    expect({ mode, sent }).toEqual({ mode: 'on', sent: 1 });
  });

  it('who is in no list of users, and has no home, keeps reports in memory', async () => {
    const server = await startFaultServer();
    const pair = createAppPair(FILES);
    for (const { folder } of [pair.real, pair.without]) chmodSync(dirname(folder), 0o755);
    const options = { ...at(server.address, { HOME: undefined }), wrapper: AS_ADA };
    await expectSameAsWithout(pair, 'cli.mjs', options, 1);
    expect(told(await pair.real.run('flush.mjs', options))).toMatchObject({
      mode: 'on',
      storage: 'memory',
      sent: 1,
    });
  });
});

/** Lets system calls of a program and of its children fail. */
const injecting = (calls: string, code: string): string[] => [
  ...['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`],
  ...['-e', `inject=${calls}:error=${code}`],
];

it.each(['EACCES', 'EXDEV', 'EINVAL', 'EIO', 'EPERM', 'ENOSYS', 'EISDIR', 'EOPNOTSUPP', 'EMLINK'])(
  'a system without links (%s) has a lease all the same, and a stored ID',
  async (code) => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const wrapper = injecting('link,linkat', code);
    const options = { ...at(server.address), wrapper, killAfterMs: 30_000 };
    expect(await app.run('cli.mjs', options)).toMatchObject({ code: 0, stdout: 'done\n' });
    await eventually(() => server.accepted().length === 1, 'the report of an exit process');
    expect(server.accepted()[0]?.info.id_persisted).toBe(true);
    expect(told(await app.run('flush.mjs', options)).sent).toBe(1);
    expect(new Set(server.accepted().map((report) => report.anonymous_id)).size).toBe(1);
  },
);
