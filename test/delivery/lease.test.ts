import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLeases } from '../../src/delivery/lease.js';
import { realPlatform } from '../support/real-platform.js';
import { tempFolder } from '../support/temp-folder.js';

const platform = realPlatform();
/** No process has this number. */
const DEAD = 2 ** 30;

function leasesOf(
  folder: string,
  { pid = process.pid, scope = platform.processes.scope(), now = () => Date.now() } = {},
) {
  const processes = { ...platform.processes, pid, scope: () => scope };
  return createLeases(folder, { files: platform.files, processes, now });
}

describe('the lease', () => {
  it('is one process’s at a time, and free again when it is released', () => {
    const folder = tempFolder();
    const mine = leasesOf(folder).acquire();
    expect(mine?.generation).toBe(1);
    expect(leasesOf(folder, { pid: process.ppid }).acquire()).toBeUndefined();
    expect(leasesOf(folder).holder()).toBe(process.pid);
    mine?.release();
    expect(leasesOf(folder).holder()).toBeUndefined();
    expect(leasesOf(folder).acquire()?.generation).toBe(2);
  });

  it('is taken over at once from a process that is dead, or known to be ending', () => {
    const folder = tempFolder();
    const first = leasesOf(folder, { pid: DEAD }).acquire();
    expect(first).toBeDefined();
    const second = leasesOf(folder, { pid: process.ppid }).acquire();
    expect(second?.generation).toBe(2);
    expect(leasesOf(folder).acquire()).toBeUndefined();
    expect(leasesOf(folder).acquire(process.ppid)?.generation).toBe(3);
    expect(second?.renew()).toBe(false); // it was told to let go
  });

  it('is not that of a process which got the pid of a dead holder', () => {
    const folder = tempFolder();
    platform.files.replace(
      join(folder, 'lease.4'),
      JSON.stringify({ pid: process.pid, scope: platform.processes.scope(), start: '1' }),
    );
    expect(leasesOf(folder).acquire()?.generation).toBe(5);
  });

  it('starts again after the last number that a file’s name can have', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'lease.999999999999999'), 'released');
    expect(leasesOf(folder, { pid: DEAD }).acquire()?.generation).toBe(1);
    expect(leasesOf(folder).acquire()?.generation).toBe(2);
  });

  it('expires for those who cannot see its holder, by two looks at its time', () => {
    const folder = tempFolder();
    let nowMs = Date.now();
    const theirs = leasesOf(folder, { scope: 'ffffffff' }).acquire();
    const mine = leasesOf(folder, { now: () => nowMs });
    expect(mine.acquire()).toBeUndefined(); // the first look
    nowMs += 11_000;
    utimesSync(join(folder, 'lease.1'), 5, 5); // it was renewed meanwhile
    expect(mine.acquire()).toBeUndefined();
    nowMs += 5_000;
    expect(mine.acquire()).toBeUndefined();
    nowMs += 6_000;
    expect(mine.acquire()?.generation).toBe(2);
    expect(theirs?.renew()).toBe(false);
  });

  it.each(['', 'x', 'NaN', '-1', '1e999'])(
    'neither goes to another at once nor stays for ever where the time of a look says %j',
    (damaged) => {
      const folder = tempFolder();
      let nowMs = Date.now();
      leasesOf(folder, { scope: 'ffffffff' }).acquire();
      const mine = leasesOf(folder, { now: () => nowMs });
      expect(mine.acquire()).toBeUndefined(); // the first look
      const look = join(folder, 'lease.seen');
      writeFileSync(look, readFileSync(look, 'utf8').replace(/ [^ ]*$/, ` ${damaged}`));
      expect(mine.acquire()).toBeUndefined(); // as if it were the first
      nowMs += 11_000;
      expect(mine.acquire()?.generation).toBe(2);
    },
  );

  it('expires also where the clock was set back a day between the looks', () => {
    const folder = tempFolder();
    let nowMs = Date.now();
    leasesOf(folder, { scope: 'ffffffff' }).acquire();
    const mine = leasesOf(folder, { now: () => nowMs });
    expect(mine.acquire()).toBeUndefined();
    nowMs -= 86_400_000;
    expect(mine.acquire()).toBeDefined();
  });

  it('does not go to one who comes late with an old observation', () => {
    const folder = tempFolder();
    leasesOf(folder, { pid: DEAD }).acquire(); // 1, dead
    // Somebody took 2 and released it, somebody else holds 3, and 1 and 2 are gone.
    leasesOf(folder).acquire()?.release();
    const holder = leasesOf(folder).acquire();
    expect(holder?.generation).toBe(3);
    // The late one still believes in 1 and creates 2: it is not the highest.
    const files = {
      ...platform.files,
      list: (() => {
        let looks = 0;
        return (path: string) => ((looks += 1) === 1 ? ['lease.1'] : platform.files.list(path));
      })(),
    };
    const late = createLeases(folder, { files, processes: platform.processes, now: Date.now });
    expect(late.acquire()).toBeUndefined();
    expect(holder?.renew()).toBe(true);
  });

  it.each(['', '{"pid":12', '{"pid":"x"}', 'null', 'rubbish'])(
    'expires in the same way where its file says %j, as after a power cut',
    (text) => {
      const folder = tempFolder();
      let nowMs = Date.now();
      platform.files.replace(join(folder, 'lease.9'), text);
      const mine = leasesOf(folder, { now: () => nowMs });
      expect(mine.acquire()).toBeUndefined(); // somebody may be writing it just now
      nowMs += 11_000;
      expect(mine.acquire()?.generation).toBe(10);
    },
  );

  it('goes on where a number is taken by what is no file', () => {
    const folder = tempFolder();
    let nowMs = Date.now();
    mkdirSync(join(folder, 'lease.9'));
    writeFileSync(join(folder, 'lease.99999999999999999999'), 'a number too large to count on');
    const mine = leasesOf(folder, { now: () => nowMs });
    expect(mine.acquire()).toBeUndefined();
    nowMs += 11_000;
    const lease = mine.acquire();
    expect(lease?.generation).toBe(10);
    expect(lease?.renew()).toBe(true);
    lease?.release();
    expect(mine.acquire()?.generation).toBe(11);
  });

  it('expires for a process that lives but renews it no more: its thread may have crashed', () => {
    const folder = tempFolder();
    let nowMs = Date.now();
    const lost = leasesOf(folder, { pid: process.ppid }).acquire();
    const mine = leasesOf(folder, { now: () => nowMs });
    expect(mine.acquire()).toBeUndefined();
    nowMs += 19_000;
    expect(mine.acquire()).toBeUndefined();
    nowMs += 2_000;
    expect(mine.acquire()?.generation).toBe(2);
    expect(lost?.renew()).toBe(false);
  });

  it('is looked at again by whoever cannot read what the last look has seen', () => {
    const folder = tempFolder();
    let nowMs = Date.now();
    leasesOf(folder, { scope: 'ffffffff' }).acquire();
    const files = {
      ...platform.files,
      read(path: string) {
        if (!existsSync(join(folder, 'looked')) && path.endsWith('lease.seen')) {
          writeFileSync(join(folder, 'looked'), '');
          throw Object.assign(new Error('not yours'), { code: 'EACCES' });
        }
        return platform.files.read(path);
      },
    };
    const mine = createLeases(folder, { ...platform, files, now: () => nowMs });
    expect(mine.acquire()).toBeUndefined();
    nowMs += 11_000;
    expect(mine.acquire()).toBeDefined();
  });
});
