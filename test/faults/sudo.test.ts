import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import { startNamespace } from '../support/namespace.js';
import {
  ADA,
  BIN,
  FILES,
  OFF,
  ON,
  give,
  told,
  picture,
  write,
  noChild,
  at,
} from '../support/other-users.js';
import { createTestApp, runNode } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

describe('a program that a user runs by sudo', () => {
  /** Root's home, and Ada's, who is in the list of users. */
  async function sudo(choices: Record<string, [text: string, uid: number]>) {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const ada = tempFolder('ada');
    for (const [name, [text, uid]] of Object.entries(choices)) {
      write(join(ada, '.config/headcount', name, 'choice'), text, uid);
    }
    chownSync(ada, ADA, ADA);
    const list = join(tempFolder('etc'), 'passwd');
    const line = `ada:x:${ADA}:${ADA}:Ada,,,:${ada}:/bin/sh\n`;
    writeFileSync(list, readFileSync('/etc/passwd', 'utf8') + line);
    const { wrapper } = await startNamespace('mount --bind "$1" /etc/passwd', list);
    const run = async (script: string, env: Record<string, string>) =>
      told(await app.run(script, { ...at(server.address, env), wrapper }));
    return { server, app, ada, wrapper, run };
  }
  const BY_SUDO = { SUDO_UID: String(ADA), SUDO_USER: 'ada' };

  it.each<[string, Record<string, string>]>([
    ['sudo', BY_SUDO],
    ['sudo without its number', { SUDO_USER: 'ada' }],
    ['doas in the sudo of root', { SUDO_UID: '0', SUDO_USER: 'root', DOAS_USER: 'ada' }],
    ['sudo of a user that is gone', { SUDO_UID: '99999', SUDO_USER: 'gone', PKEXEC_UID: `${ADA}` }],
    ['doas', { DOAS_USER: 'ada' }],
    ['pkexec', { PKEXEC_UID: String(ADA) }],
  ])('obeys the no of that user (%s)', async (_, env) => {
    for (const name of ['acme-cli', '_all']) {
      const { server, ada, run, app } = await sudo({ [name]: [OFF, ADA] });
      const before = picture(ada);
      const source = join(ada, '.config/headcount', name, 'choice');
      const off = { mode: 'off', reason: 'choice', consent: { source } };
      expect(await run('flush.mjs', env)).toMatchObject(off);
      await run('status.mjs', env);
      await noChild(app);
      expect(server.connections()).toBe(0);
      expect(picture(ada)).toEqual(before);
      // Root's own programs are on.
      expect(await run('flush.mjs', {})).toMatchObject({ mode: 'on', sent: 1 });
    }
  });

  it.each<[string, (file: string) => void]>([
    ['a link', (file) => symlinkSync('../dotfiles/choice', file)],
    ['a link to nothing', (file) => symlinkSync('gone', file)],
    ['a pipe', (file) => void execFileSync('mkfifo', [file])],
    ['a folder', (file) => mkdirSync(file)],
    ['half a file', (file) => writeFileSync(file, OFF.slice(0, 9))],
  ])('is off if the choice of that user cannot be read: %s', async (_, make) => {
    for (const name of ['acme-cli', '_all']) {
      const { server, ada, run, app } = await sudo({ dotfiles: [ON, ADA] });
      const folder = join(ada, '.config/headcount', name);
      mkdirSync(folder, { recursive: true });
      make(join(folder, 'choice'));
      give(ada, ADA);
      const off = { mode: 'off', reason: 'unreadable-choice' };
      expect(await run('flush.mjs', BY_SUDO)).toMatchObject(off);
      await noChild(app);
      expect(server.connections()).toBe(0);
    }
  });

  it('is on if this user may not look into the home of that user', async () => {
    const bob = ADA + 1;
    const { server, app, ada, wrapper } = await sudo({ _all: [OFF, ADA] });
    chmodSync(ada, 0o700);
    chmodSync(dirname(app.folder), 0o755);
    give(app.home, bob);
    const asBob = [
      ...wrapper,
      'setpriv',
      `--reuid=${bob}`,
      `--regid=${bob}`,
      '--clear-groups',
      '--',
    ];
    const run = async () =>
      told(await app.run('flush.mjs', { ...at(server.address, BY_SUDO), wrapper: asBob }));
    expect(await run()).toMatchObject({ mode: 'on', sent: 1 });
    chmodSync(ada, 0o755);
    expect(await run()).toMatchObject({ mode: 'off' });
  });

  it.each<[string, Record<string, [string, number]>]>([
    ['has chosen nothing', {}],
    [
      'has said yes to this program, and no to all others',
      {
        'acme-cli': [ON, ADA],
        _all: [OFF, ADA],
      },
    ],
    ['has a no that another user has written', { _all: [OFF, ADA + 1] }],
  ])('is on if that user %s', async (_, choices) => {
    const { run } = await sudo(choices);
    expect(await run('flush.mjs', BY_SUDO)).toMatchObject({ mode: 'on', storage: 'file', sent: 1 });
  });

  it('takes no yes of that user for root’s', async () => {
    const { run } = await sudo({ 'acme-cli': [ON, ADA] });
    expect(await run('opt-in.mjs', BY_SUDO)).toMatchObject({ mode: 'off', reason: 'mode' });
  });

  it.each(['', 'x', '-1', '99999', '0'.repeat(5_000)])(
    'is not hurt by a number of no user (%j)',
    async (SUDO_UID) => {
      const { run } = await sudo({ _all: [OFF, ADA] });
      expect(await run('flush.mjs', { SUDO_UID })).toMatchObject({ mode: 'on', sent: 1 });
    },
  );

  it('learns of a no while it runs, and its sender does', async () => {
    const { server, app, ada, wrapper } = await sudo({});
    let pid: number | undefined;
    const run = app.run('server.mjs', {
      ...at(server.address, BY_SUDO),
      wrapper,
      started: (child) => (pid = child.pid),
    });
    await eventually(() => server.accepted().length === 1, 'the first report');
    write(join(ada, '.config/headcount/_all/choice'), OFF, ADA);
    if (pid === undefined) throw new Error('it was not started');
    process.kill(pid, 'SIGTERM');
    expect(told({ ...(await run), stdout: (await run).stdout.replace('started\n', '') }).mode).toBe(
      'off',
    );
    expect(server.accepted()).toHaveLength(1);
  });

  it('says where the no is', async () => {
    const { app, ada, wrapper, run } = await sudo({ _all: [OFF, ADA] });
    await run('flush.mjs', {}); // of a program that never reported, nothing is said
    const args = ['status', '--project', 'acme-cli'];
    const { stdout, stderr } = await runNode(BIN, app.home, { args, wrapper, env: BY_SUDO });
    expect(stdout, stderr).toContain(
      `acme-cli is off: it is the choice of another user (${ada}/.config/headcount/_all/choice)`,
    );
  });
});
