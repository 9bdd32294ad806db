import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { startProcess, type CollectorProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const fileIn = (home: string): string => join(home, '.config', 'headcount', 'collector.json');

const readIn = (home: string): Record<string, unknown> =>
  JSON.parse(readFileSync(fileIn(home), 'utf8')) as Record<string, unknown>;

async function serve(
  env: Record<string, string>,
  args: readonly string[] = [],
): Promise<CollectorProcess> {
  const collector = await startProcess(
    ['serve', '--port', '0', '--data', temporaryFolder(), ...args],
    env,
  );
  await collector.url();
  return collector;
}

async function stop(collector: CollectorProcess): Promise<void> {
  collector.child.kill('SIGTERM');
  expect(await collector.ended).toBe(0);
}

const ADDRESSES = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('a collector on this machine', () => {
  it('leaves its address in a file that only its user can read, until it ends', async () => {
    const home = temporaryFolder();
    const collector = await serve({ HOME: home });
    expect(readFileSync(fileIn(home), 'utf8')).toMatch(/^\{.*\}\n$/);
    const address = readIn(home);
    expect(Object.keys(address)).toEqual(['url', 'pid', 'started_at']);
    expect(address).toMatchObject({ url: await collector.url(), pid: collector.child.pid });
    expect(new Date(String(address['started_at'])).toISOString()).toBe(address['started_at']);
    expect(Date.now() - Date.parse(String(address['started_at']))).toBeLessThan(60_000);
    expect(modeOf(fileIn(home))).toBe(0o600);
    expect(modeOf(dirname(fileIn(home)))).toBe(0o700);
    await stop(collector);
    expect(readdirSync(dirname(fileIn(home)))).toEqual([]);
    expect(collector.stderr().trim().split('\n')).toHaveLength(1);
  });

  it('leaves it where XDG says, but in no relative folder', async () => {
    const [home, config] = [temporaryFolder(), temporaryFolder()];
    const collector = await serve({ HOME: home, XDG_CONFIG_HOME: config });
    expect(existsSync(join(config, 'headcount', 'collector.json'))).toBe(true);
    expect(readdirSync(home)).toEqual([]);
    await stop(collector);
    const relative = await serve({ HOME: home, XDG_CONFIG_HOME: 'relative' });
    expect(readIn(home)['pid']).toBe(relative.child.pid);
    await stop(relative);
    const homeless = await serve({ HOME: 'relative/home' });
    expect(existsSync('relative')).toBe(false);
    await stop(homeless);
    expect(homeless.stderr().trim().split('\n')).toHaveLength(1);
  });

  it('leaves none if told so', async () => {
    const home = temporaryFolder();
    await stop(await serve({ HOME: home }, ['--no-announce']));
    await stop(await serve({ HOME: home, HEADCOUNT_ANNOUNCE: '0' }));
    expect(readdirSync(home)).toEqual([]);
    const wrong = await startProcess(['serve'], { HEADCOUNT_ANNOUNCE: 'never' });
    expect(await wrong.ended).toBe(1);
    for (const word of ['--no-announce', 'HEADCOUNT_ANNOUNCE', '0 or 1', '"never"']) {
      expect(wrong.stderr()).toContain(word);
    }
  });

  const hosts: [string, RegExp][] = [
    ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+$/],
    ['::', /^http:\/\/\[::1\]:\d+$/],
    ['::1', /^http:\/\/\[::1\]:\d+$/],
    ['localhost', /^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/],
  ];
  const hasIPv6 = ADDRESSES.some(({ address }) => address === '::1');

  it.each(hosts.filter(([host]) => hasIPv6 || !host.includes(':')))(
    'that listens on %s is reached by the address it leaves',
    async (host, url) => {
      const home = temporaryFolder();
      await serve({ HOME: home }, ['--host', host]);
      const left = String(readIn(home)['url']);
      expect(left).toMatch(url);
      expect((await fetch(`${left}/health`)).status).toBe(200);
    },
  );

  const [outside] = ADDRESSES.filter(({ internal, family }) => !internal && family === 'IPv4');

  it.runIf(outside)('that listens on an address of the network alone leaves none', async () => {
    const home = temporaryFolder();
    await stop(await serve({ HOME: home }, ['--host', outside?.address ?? '']));
    expect(readdirSync(home)).toEqual([]);
  });

  it('takes the place of one that crashed', async () => {
    const home = temporaryFolder();
    const first = await serve({ HOME: home });
    first.child.kill('SIGKILL');
    await first.ended;
    expect(readIn(home)['pid']).toBe(first.child.pid);
    const second = await serve({ HOME: home });
    expect(readIn(home)['pid']).toBe(second.child.pid);
  });

  it('that started later is the one, also when the earlier one ends', async () => {
    const home = temporaryFolder();
    const first = await serve({ HOME: home });
    const second = await serve({ HOME: home });
    await stop(first);
    expect(readIn(home)).toMatchObject({ url: await second.url(), pid: second.child.pid });
    await stop(second);
    expect(existsSync(fileIn(home))).toBe(false);
  });

  it('changes no folder that is there, and follows no link', async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, '.config'));
    chmodSync(join(home, '.config'), 0o755);
    mkdirSync(join(home, '.config', 'headcount'));
    chmodSync(join(home, '.config', 'headcount'), 0o755);
    const precious = join(home, 'precious');
    writeFileSync(precious, 'keep');
    symlinkSync(precious, fileIn(home));
    const collector = await serve({ HOME: home });
    expect(lstatSync(fileIn(home)).isFile()).toBe(true);
    expect(readIn(home)['pid']).toBe(collector.child.pid);
    expect(readFileSync(precious, 'utf8')).toBe('keep');
    expect(modeOf(join(home, '.config'))).toBe(0o755);
    expect(modeOf(dirname(fileIn(home)))).toBe(0o755);
  });

  const spoil: [string, (home: string) => void, string][] = [
    [
      'a folder that others can change',
      (home) => {
        mkdirSync(dirname(fileIn(home)), { recursive: true });
        chmodSync(dirname(fileIn(home)), 0o777);
      },
      'can be changed by other users',
    ],
    [
      'a folder that is a link',
      (home) => {
        mkdirSync(join(home, '.config'));
        symlinkSync(temporaryFolder(), dirname(fileIn(home)));
      },
      'is no folder',
    ],
    ['a file in the way', (home) => writeFileSync(join(home, '.config'), ''), 'EEXIST'],
    ['a home that is not there', () => undefined, 'ENOENT'],
  ];

  it.each(spoil)('serves with a warning of one line where there is %s', async (what, make, why) => {
    const parent = temporaryFolder();
    const home = what.startsWith('a home') ? join(parent, 'none') : parent;
    make(home);
    const collector = await serve({ HOME: home });
    expect((await fetch(`${await collector.url()}/health`)).status).toBe(200);
    await stop(collector);
    const [, warning, ...rest] = collector.stderr().trim().split('\n');
    expect(warning).toContain(why);
    expect(warning).toContain(`HEADCOUNT_ENDPOINT=${await collector.url()}`);
    expect(rest).toEqual([]);
    expect(existsSync(fileIn(home))).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)('leaves none in the home of another user', async () => {
    const [home, data] = [temporaryFolder(), temporaryFolder()];
    chownSync(data, 65_534, 65_534);
    const asNobody = await startProcess(
      ['serve', '--port', '0', '--data', data],
      { HOME: home },
      { wrapper: ['setpriv', '--reuid=65534', '--clear-groups'] },
    );
    await asNobody.url();
    await stop(asNobody);
    expect(asNobody.stderr()).toContain('belongs to another user');
    expect(readdirSync(home)).toEqual([]);
  });
});
