import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openReader } from '../../src/sqlite/database.js';
import { schemaVersion } from '../../src/sqlite/migrate.js';
import { COUNTS_SCHEMA } from '../../src/store/sqlite/migrations/counts-schema.js';
import { answersOf } from '../support/answers.js';
import { ANSWERS_V2, createCountsV2 } from '../support/counts-v2.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const MORE_USERS = 5000;
/** It takes a second or more to change that many. */
const MANY_USERS = 10_000;
const KILLS = 10;
const NEW = COUNTS_SCHEMA.migrations.length;

const snapshotsIn = (data: string): string[] =>
  readdirSync(data).filter((name) => name.includes('.before-') && name.endsWith('Z'));

function look(path: string): { version: number; users: number } {
  const db = openReader(path);
  const users = db.prepare<{ n: number }>('SELECT count(*) AS n FROM users').get()?.n ?? 0;
  const version = schemaVersion(db);
  db.close();
  return { version, users };
}

describe('a migration that is told to end', () => {
  it.each([
    ['SIGTERM', ['--port', '0']],
    ['SIGINT', ['--port', '0']],
    ['SIGTERM', ['migrate']],
  ] as const)('does so at once, and leaves the old schema: %s, %j', async (signal, args) => {
    const data = temporaryFolder();
    const path = createCountsV2(data, MANY_USERS);
    const before = look(path);
    const { child, ended } = await startProcess([...args, '--data', data]);
    // Behind the snapshot comes the migration itself.
    await until('there is a snapshot', () => snapshotsIn(data).length > 0);
    const toldAt = performance.now();
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(performance.now() - toldAt).toBeLessThan(1000);
    expect(look(path)).toEqual(before);

    const again = await startProcess(['--port', '0', '--data', data]);
    await again.url();
    expect(look(path)).toEqual({ ...before, version: NEW });
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
    expect(snapshotsIn(data)).toHaveLength(1);
  });
});

describe('a migration that is killed', () => {
  it('leaves the old schema or the new one, one snapshot, and the right counts in the end', async () => {
    const data = temporaryFolder();
    const path = createCountsV2(data, MORE_USERS);
    const { users } = look(path);
    const startedAt = performance.now();
    const rehearsal = await startProcess(['migrate', '--rehearse', '--data', data]);
    expect(await rehearsal.ended).toBe(0);
    const tookMs = performance.now() - startedAt;

    const left: number[] = [];
    for (let kill = 1; kill <= KILLS && left.at(-1) !== NEW; kill++) {
      const { child, ended } = await startProcess(['migrate', '--data', data]);
      await wait((tookMs * kill) / KILLS);
      child.kill('SIGKILL');
      await ended;
      const { version, users: there } = look(path);
      left.push(version);
      expect(there).toBe(users);
      expect(snapshotsIn(data).length).toBeLessThanOrEqual(1);
      if (version === NEW) expect(snapshotsIn(data)).toHaveLength(1);
    }
    expect(left.filter((version) => version === 2).length).toBeGreaterThan(2);
    expect(left.every((version) => version === 2 || version === NEW)).toBe(true);

    const last = await startProcess(['migrate', '--data', data]);
    expect(await last.ended).toBe(0);
    expect(look(join(data, snapshotsIn(data)[0] ?? ''))).toEqual({ version: 2, users });
    const counted = await answersOf(path, ANSWERS_V2);
    expect(counted['acme-cli']).toEqual(ANSWERS_V2['acme-cli']);
    expect(counted['@acme/lib']?.total_users).toBe(1 + MORE_USERS);
  });
});
