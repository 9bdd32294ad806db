import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { CLI } from '../support/built.js';
import { post } from '../support/load.js';
import { bearer, fullReport, reportId } from '../support/reports.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { REPOSITORY } from './support/build-image.js';
import { buildOldRelease } from './support/old-release.js';

type Release = 'old' | 'new';

interface Block {
  readonly release: Release;
  readonly script: string;
}

/** The commands of the runbook, in their order, each with the release that is to run them. */
function readRunbook(): readonly Block[] {
  const text = readFileSync(join(REPOSITORY, 'docs/collector/upgrade.md'), 'utf8');
  return [...text.matchAll(/```sh\n# the (old|new) release\n(.*?)```/gs)].map(
    ([, release, script = '']) => ({ release: release as Release, script }),
  );
}

const FORGOTTEN = 'aaaaaaaaaaaaaaaa';

/** Deletes a user for its owner. @returns The status. */
async function forget(url: string): Promise<number> {
  const path = `/v1/users/${FORGOTTEN}?project=acme-cli`;
  return (await fetch(url + path, { method: 'DELETE', headers: bearer() })).status;
}

describe('the runbook for upgrades', () => {
  const commands: Record<Release, string> = { old: '', new: CLI };
  beforeAll(() => {
    commands.old = buildOldRelease();
  });

  it('leads to the new release and back, and loses nothing that it promises to keep', async () => {
    const folder = temporaryFolder();
    const [data, backups] = [join(folder, 'lib/headcount'), join(folder, 'backups/headcount')];
    for (const path of [join(folder, 'lib'), backups]) mkdirSync(path, { recursive: true });
    const env = { HOME: folder, HEADCOUNT_ADMIN_TOKEN: ADMIN_TOKEN };

    const runBlock = ({ release, script }: Block): string => {
      const bin = join(folder, `bin-${release}`);
      mkdirSync(bin, { recursive: true });
      const program = join(bin, 'headcount-collector');
      writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${commands[release]} "$@"\n`);
      chmodSync(program, 0o755);
      const here = script
        .replaceAll('/var/lib/headcount', data)
        .replaceAll('/var/backups/headcount', backups);
      return execFileSync('sh', ['-ec', here], {
        env: { ...env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    };
    const serve = (release: Release): Promise<CollectorProcess> =>
      startProcess(['serve', '--port', '0', '--no-announce', '--data', data], env, {
        cli: commands[release],
      });
    const stop = async (collector: CollectorProcess): Promise<void> => {
      collector.child.kill('SIGTERM');
      expect(await collector.ended).toBe(0);
    };
    const report = async (
      collector: CollectorProcess,
      people: number,
      id?: string,
    ): Promise<void> => {
      const url = `${await collector.url()}/v1/reports`;
      for (let sent = 0; sent < people; sent += 1) {
        const timestamp = new Date().toISOString();
        expect(await post(url, fullReport({ anonymous_id: id ?? reportId(), timestamp }))).toBe(
          202,
        );
      }
    };
    const counted = async (
      collector: CollectorProcess,
      people: number,
      most = people,
    ): Promise<void> => {
      const url = `${await collector.url()}/stats`;
      await until(`${people} are counted`, async () => {
        const { total_users } = (await (await fetch(url)).json()) as { total_users: number };
        expect(total_users).toBeLessThanOrEqual(most);
        return total_users === people;
      });
    };

    const [rehearse, backUp, compareNew, restore, compareOld, ...others] = readRunbook();
    expect(others).toEqual([]);
    if (!rehearse || !backUp || !compareNew || !restore || !compareOld)
      throw new Error('It has less.');

    const old = await serve('old');
    await report(old, 6);
    await report(old, 1, FORGOTTEN);
    expect(runBlock(rehearse)).toMatch(/schema 10 to 1\d[^]*tried on a copy/);
    await report(old, 3);
    await stop(old);
    runBlock(backUp);
    expect(readdirSync(backups).sort()).toEqual(['before-upgrade.db', 'erasures', 'users.ndjson']);

    const upgraded = await serve('new');
    await counted(upgraded, 10);
    await report(upgraded, 5);
    await counted(upgraded, 15);
    expect(await forget(await upgraded.url())).toBe(202);
    await counted(upgraded, 14, 15);
    expect(runBlock(compareNew)).toMatch(/acme-cli +14\b/);
    await stop(upgraded);

    runBlock(restore);
    const back = await serve('old');
    // Who was deleted meanwhile stays deleted.
    await counted(back, 9);
    expect(runBlock(compareOld)).toMatch(/acme-cli +9\b/);
    await report(back, 2);
    await counted(back, 11);
    await stop(back);
    // What the new release has counted is kept for the next try.
    const aside = readdirSync(join(folder, 'lib')).filter((name) =>
      name.includes('before-restore'),
    );
    expect(aside).toHaveLength(1);
    expect(readdirSync(join(folder, 'lib', aside[0] ?? ''))).toContain('counts.db');

    const again = await serve('new');
    await counted(again, 11);
    await stop(again);
  });

  it('has no way back on the changed data themselves: the old release refuses them, and changes nothing', async () => {
    const data = join(temporaryFolder(), 'data');
    const args = ['serve', '--port', '0', '--no-announce', '--data', data];
    const first = await startProcess(args, {}, { cli: commands.new });
    await first.url();
    first.child.kill('SIGTERM');
    await first.ended;
    const refused = await startProcess(args, {}, { cli: commands.old });
    expect(await refused.ended).toBe(1);
    expect(refused.stderr()).toContain('newer');
    const again = await startProcess(args, {}, { cli: commands.new });
    expect((await fetch(`${await again.url()}/readyz`)).status).toBe(200);
  });
});
