import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startNamespace } from '../../../test/support/namespace.js';
import { ask } from '../support/ask-counts.js';
import { copyFiles, journalEmpty } from '../support/copy-data.js';
import { post } from '../support/load.js';
import { bearer, fullReport, reportId } from '../support/reports.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKEN = 'the-administrator-of-tests';
const KILLS = 12;

const start = (data: string): Promise<CollectorProcess> =>
  startProcess(['--port', '0', '--log-level', 'silent', '--data', data], {
    HEADCOUNT_ADMIN_TOKEN: TOKEN,
  });

async function kill({ child, ended }: CollectorProcess): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

async function send(url: string, people: number): Promise<void> {
  const reports = Array.from({ length: people }, () => fullReport({ anonymous_id: reportId() }));
  expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
  await ask(url);
}

async function losses(url: string): Promise<unknown[]> {
  const response = await fetch(`${url}/v1/stats/quality`, { headers: bearer(TOKEN) });
  const quality = (await response.json()) as Record<string, unknown>;
  return [quality['lost_in_restore'], quality['unknown_losses']];
}

describe('a start that makes copies of two moments fit', () => {
  it.each([
    ['counts.db', 10, [30, 0]],
    ['journal.db', 40, [0, 1]],
  ] as const)(
    'tells each loss once, killed as often as it is: %s is older',
    async (older, users, told) => {
      const source = temporaryFolder();
      const data = temporaryFolder();
      const first = await start(source);
      const url = await first.url();
      const copy = (name: 'journal.db' | 'counts.db') => copyFiles(name, source, data);
      await send(url, 10);
      await journalEmpty(source);
      copy(older);
      await send(url, 30);
      await journalEmpty(source);
      copy(older === 'counts.db' ? 'journal.db' : 'counts.db');
      copyFileSync(join(source, 'pepper'), join(data, 'pepper'));
      await kill(first);

      const startedAt = performance.now();
      const whole = await start(source);
      await whole.url();
      const tookMs = performance.now() - startedAt;
      await kill(whole);
      for (let at = 1; at <= KILLS; at++) {
        const collector = await start(data);
        await wait((tookMs * at) / KILLS);
        await kill(collector);
      }
      const last = await start(data);
      expect(await losses(await last.url())).toEqual(told);
      await send(await last.url(), 5);
      expect((await ask(await last.url())).total_users).toBe(users + 5);
    },
  );
});

describe('a disk without room', () => {
  it('keeps the old backup, and leaves no part of a new one', async () => {
    const data = temporaryFolder();
    const target = temporaryFolder();
    const collector = await start(data);
    await send(await collector.url(), 500);
    const { wrapper, path } = await startNamespace(
      'mount -t tmpfs -o size=900k,mode=700 tmpfs "$1"',
      target,
    );
    const backup = (name: string) =>
      startProcess(['backup', join(target, name), '--data', data], {}, { wrapper });
    const small = await backup('one.db');
    expect(await small.ended).toBe(0);
    for (let round = 0; round < 20; round++) await send(await collector.url(), 500);
    const large = await backup('one.db');
    expect(await large.ended).toBe(1);
    expect(large.stderr()).toContain('The disk is full. Nothing was changed.');
    expect(large.stderr()).not.toMatch(/^\s+at /m);
    expect(readdirSync(path(target)).sort()).toEqual(['erasures', 'one.db']);
    const restored = join(temporaryFolder(), 'data');
    const again = await startProcess(
      ['restore', join(target, 'one.db'), '--data', restored],
      {},
      { wrapper },
    );
    expect(await again.ended).toBe(0);
    expect(again.stdout()).toContain('500 users');
  });
});
