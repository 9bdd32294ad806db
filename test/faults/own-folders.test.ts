import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startFaultServer } from '../support/fault-server.js';
import {
  ADA,
  CONFIG,
  STATE,
  TELL,
  FILES,
  told,
  picture,
  write,
  give,
  noChild,
  at,
} from '../support/other-users.js';
import { createTestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

describe('folders of Headcount’s in a home of the user', () => {
  it.each([
    ['a link', (folder: string, other: string) => symlinkSync(other, folder)],
    ['another user’s', (folder: string) => (mkdirSync(folder), chownSync(folder, ADA, ADA))],
    ['open to its group', (folder: string) => (mkdirSync(folder), chmodSync(folder, 0o770))],
    ['open to all', (folder: string) => (mkdirSync(folder), chmodSync(folder, 0o777))],
  ])('are not used if one is %s', async (_, make) => {
    for (const part of [dirname(CONFIG), CONFIG, dirname(STATE), STATE, `${STATE}/outbox`]) {
      const server = await startFaultServer();
      const app = createTestApp(FILES);
      const other = tempFolder('other');
      const folder = join(app.home, part);
      mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
      make(folder, other);
      const before = picture(folder);
      const { mode, warnings, sent } = told(await app.run('flush.mjs', at(server.address)));
      expect({ part, mode, sent }).toEqual({ part, mode: 'on', sent: 1 });
      expect(warnings).toMatchObject([{ reason: 'folder-refused' }]);
      expect(warnings[0]?.text).toContain(folder);
      expect(picture(other)).toEqual([]);
      expect(picture(folder)).toEqual(before);
    }
  });

  it('are used behind links and group rights of the user’s own folders', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const dotfiles = tempFolder('dotfiles');
    for (const name of ['config', 'local']) mkdirSync(join(dotfiles, name));
    symlinkSync(join(dotfiles, 'config'), join(app.home, '.config'));
    symlinkSync(join(dotfiles, 'local'), join(app.home, '.local'));
    for (const folder of [app.home, join(dotfiles, 'config')]) chmodSync(folder, 0o775);
    const status = told(await app.run('flush.mjs', at(server.address)));
    expect(status).toMatchObject({ storage: 'file', sent: 1, warnings: [] });
    expect(server.accepted()[0]?.info.id_persisted).toBe(true);
    expect(readdirSync(join(dotfiles, 'config/headcount/acme-cli'))).toContainEqual(
      expect.stringMatching(/^anonymous-id/),
    );
  });

  it('are found by the user’s own folders, also if those of home are another user’s', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    give(app.home, ADA);
    const own = tempFolder('own');
    const env = { XDG_CONFIG_HOME: `${own}/config`, XDG_DATA_HOME: `${own}/data` };
    const status = told(await app.run('flush.mjs', at(server.address, env)));
    expect(status).toMatchObject({ storage: 'file', sent: 1, warnings: [] });
    expect(picture(app.home)).toEqual([]);
  });

  it.each([
    ...['anonymous-id', 'delivery', 'notice'].map((name) => `${CONFIG}/${name}`),
    ...['app.json', 'last-exit-upload', 'last-request.json', 'lease.seen', 'lease.7'].map(
      (name) => `${STATE}/${name}`,
    ),
    `${STATE}/outbox/losses`,
    `${STATE}/outbox/1795422490069-999999.aa-0000aa.open`,
    `${STATE}/outbox/1795422490069-999999.aa-0000aa.1-9.ready`,
  ])('have links in the place of files (%s): no link is followed', async (part) => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    await app.run('flush.mjs', at(server.address));
    const victim = join(tempFolder('victim'), 'secret');
    write(victim, 'secret\n');
    const { mtimeMs } = lstatSync(victim);
    execFileSync('rm', ['-f', join(app.home, part)]);
    symlinkSync(victim, join(app.home, part));
    for (const script of ['cli.mjs', 'status.mjs', 'flush.mjs']) {
      expect(await app.run(script, at(server.address))).toMatchObject({ code: 0, stderr: '' });
    }
    await noChild(app);
    expect([readFileSync(victim, 'utf8'), lstatSync(victim).mtimeMs]).toEqual([
      'secret\n',
      mtimeMs,
    ]);
    expect(readdirSync(dirname(victim))).toEqual(['secret']);
  });

  it('do not swap an open segment for a link unseen', async () => {
    const server = await startFaultServer();
    const victim = join(tempFolder('victim'), 'secret');
    write(victim, 'secret\n');
    const app = createTestApp({
      'app.mjs': `import fs from 'node:fs';
        import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 60_000 });
        headcount.track(); headcount.track();
        const all = process.env.HOME + '/${STATE}/outbox/';
        const outbox = all + fs.readdirSync(all)[0] + '/';
        const open = fs.readdirSync(outbox).find((name) => name.endsWith('.open'));
        fs.renameSync(outbox + open, outbox + 'kept');
        fs.symlinkSync(${JSON.stringify(victim)}, outbox + open);
        headcount.track(); ${TELL}`,
    });
    expect(told(await app.run('app.mjs', at(server.address))).storage).toBe('file');
    await noChild(app);
    expect(readFileSync(victim, 'utf8')).toBe('secret\n');
  });

  it('keep no ID of another user', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    write(join(app.home, CONFIG, 'anonymous-id'), '0123456789abcdef time\n', ADA);
    chmodSync(join(app.home, CONFIG, 'anonymous-id'), 0o644);
    chmodSync(join(app.home, CONFIG), 0o700);
    chmodSync(join(app.home, dirname(CONFIG)), 0o700);
    expect(told(await app.run('flush.mjs', at(server.address))).sent).toBe(1);
    expect(server.accepted()[0]?.anonymous_id).not.toBe('0123456789abcdef');
    expect(server.accepted()[0]?.info.id_persisted).toBe(true);
  });

  it('are the app’s own: fileStorage() follows the same rules', async () => {
    const server = await startFaultServer();
    const folder = join(tempFolder('own'), 'acme');
    const app = createTestApp({
      'app.mjs': `import { createHeadcount, fileStorage } from 'headcount';
        const storage = fileStorage({ folder: ${JSON.stringify(folder)} });
        const headcount = createHeadcount({ storage }); headcount.track();
        await headcount.flush({ timeoutMs: 8_000 }); ${TELL}`,
    });
    const run = async () => told(await app.run('app.mjs', at(server.address)));
    expect(await run()).toMatchObject({ storage: 'file', sent: 1, warnings: [] });
    chmodSync(folder, 0o777);
    expect(await run()).toMatchObject({ storage: 'memory', sent: 1 });
    chmodSync(folder, 0o700);
    chownSync(folder, ADA, ADA);
    expect((await run()).warnings).toMatchObject([{ reason: 'folder-refused' }]);
  });
});
