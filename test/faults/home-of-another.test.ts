import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import {
  ADA,
  AS_ADA,
  BIN,
  CONFIG,
  STATE,
  FILES,
  OFF,
  ON,
  told,
  picture,
  write,
  give,
  noChild,
  at,
} from '../support/other-users.js';
import { createTestApp, runNode } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

describe('a program in the home of another user', () => {
  const HOMES: [string, (home: string) => Record<string, string>][] = [
    ['kept by sudo', () => ({})],
    [
      'of whom only the XDG folders are named',
      (home) => ({
        HOME: tempFolder('root'),
        XDG_CONFIG_HOME: `${home}/.config`,
        XDG_DATA_HOME: `${home}/.local/share`,
      }),
    ],
    [
      'whose XDG folders are not there yet',
      (home) => ({
        HOME: tempFolder('root'),
        XDG_CONFIG_HOME: `${home}/new/config`,
        XDG_DATA_HOME: `${home}/new/data`,
      }),
    ],
  ];

  it.each(HOMES)('%s writes nothing there, and reports from memory', async (_, envOf) => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    mkdirSync(join(app.home, '.config'));
    mkdirSync(join(app.home, '.local/share'), { recursive: true });
    give(app.home, ADA);
    const before = picture(app.home);
    const options = at(server.address, envOf(app.home));
    const status = told(await app.run('status.mjs', options));
    expect(status).toMatchObject({ mode: 'on', storage: 'memory' });
    expect(status.warnings).toMatchObject([{ reason: 'folder-refused' }]);
    expect(status.warnings[0]?.text).toContain(app.home);
    await eventually(() => server.accepted().length === 2, 'both reports');
    expect(told(await app.run('flush.mjs', options)).sent).toBe(1);
    await noChild(app);
    expect(picture(app.home)).toEqual(before);
  });

  it('touches nothing that is there, whatever links its owner has put in its way', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    chmodSync(dirname(app.folder), 0o755);
    give(app.home, ADA);
    // Ada's own program has left a report and an open segment.
    await app.run('flush.mjs', { ...at(server.address), wrapper: AS_ADA });
    const victim = join(tempFolder('victim'), 'secret');
    write(victim, 'secret\n');
    for (const name of [
      'outbox/losses',
      'lease.99',
      'app.json',
      'last-exit-upload',
      'lease.seen',
    ]) {
      const file = join(app.home, STATE, name);
      execFileSync('rm', ['-f', file]);
      symlinkSync(victim, file);
    }
    give(app.home, ADA);
    const before = picture(app.home);
    for (const script of ['cli.mjs', 'status.mjs', 'flush.mjs']) {
      expect(await app.run(script, at(server.address))).toMatchObject({ code: 0, stderr: '' });
    }
    await noChild(app);
    expect(picture(app.home)).toEqual(before);
    expect(readFileSync(victim, 'utf8')).toBe('secret\n');
    // 1 of Ada, 1 + 2 + 1 of root.
    await eventually(() => server.accepted().length === 5, 'all reports');
    const [ada, ...root] = server.accepted().map((report) => report.anonymous_id);
    expect(root).not.toContain(ada);
  });

  it('leaves its owner’s programs as they were', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    chmodSync(dirname(app.folder), 0o755);
    give(app.home, ADA);
    await app.run('cli.mjs', at(server.address));
    await noChild(app);
    const status = told(await app.run('flush.mjs', { ...at(server.address), wrapper: AS_ADA }));
    expect(status).toMatchObject({ mode: 'on', storage: 'file', sent: 1, warnings: [] });
  });

  it('obeys the no of its owner, and believes no yes', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const choice = join(app.home, CONFIG, 'choice');
    const all = join(app.home, '.config/headcount/_all/choice');
    write(choice, ON);
    give(app.home, ADA);
    expect(told(await app.run('opt-in.mjs', at(server.address)))).toMatchObject({
      mode: 'off',
      reason: 'mode',
    });
    writeFileSync(choice, ON.replace('on', '\\u006fn'));
    expect(told(await app.run('opt-in.mjs', at(server.address))).mode).toBe('off');
    expect(told(await app.run('status.mjs', at(server.address))).mode).toBe('on');
    await eventually(() => server.accepted().length === 2, 'root’s reports');
    writeFileSync(choice, OFF);
    const off = { mode: 'off', reason: 'choice', consent: { source: choice } };
    expect(told(await app.run('flush.mjs', at(server.address)))).toMatchObject(off);
    execFileSync('rm', [choice]);
    write(all, OFF, ADA);
    chownSync(dirname(all), ADA, ADA);
    expect(told(await app.run('flush.mjs', at(server.address)))).toMatchObject({
      mode: 'off',
      consent: { source: all },
    });
    await noChild(app);
    expect(server.accepted()).toHaveLength(2);
  });

  it('cannot save a choice there, and says so', async () => {
    const app = createTestApp(FILES);
    give(app.home, ADA);
    for (const args of [['off'], ['off', '--project', 'acme-cli'], ['on']]) {
      const { code, stderr } = await runNode(BIN, app.home, { args });
      expect({ args, code }).toEqual({ args, code: 1 });
      expect(stderr).toContain(`${app.home} does not belong to this user alone`);
      expect(stderr).toMatch(/as the user that it belongs to/);
    }
    const doctor = await runNode(BIN, app.home, { args: ['doctor', '--project', 'acme-cli'] });
    expect(doctor.code).toBe(1); // no collector is known
    expect(doctor.stdout).toMatch(/^PROBLEM {2}folder .*\(EACCES\)/m);
    expect(picture(app.home)).toEqual([]);
  });
});

describe('a program in a user namespace', () => {
  it.each([
    ['as its root', ['unshare', '--user', '--map-root-user', '--'], 'file'],
    ['without a number of its own', ['unshare', '--user', '--'], 'file'],
  ])('%s is not hurt', async (_, wrapper, storage) => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    expect(told(await app.run('flush.mjs', { ...at(server.address), wrapper }))).toMatchObject({
      mode: 'on',
      storage,
      sent: 1,
    });
  });

  it('with a home that nobody in it owns writes nothing there', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    give(app.home, ADA);
    chmodSync(app.home, 0o777);
    const wrapper = ['unshare', '--user', '--map-root-user', '--'];
    expect(told(await app.run('flush.mjs', { ...at(server.address), wrapper }))).toMatchObject({
      storage: 'memory',
      sent: 1,
    });
    expect(picture(app.home)).toEqual([]);
  });
});
