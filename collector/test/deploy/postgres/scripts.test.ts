import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { deployFile } from '../support/deploy-file.js';

const ARCHIVE = deployFile('postgres/archive-wal.sh');
const DRILL = deployFile('postgres/drill.sh');

/** A file of the log, and a folder of those that are archived. */
function makeLog(text: string) {
  const folder = temporaryFolder();
  const from = join(folder, '000000010000000000000001');
  const archive = join(folder, 'wal');
  mkdirSync(archive);
  writeFileSync(from, text);
  return { from, archive, to: join(archive, '000000010000000000000001') };
}

describe('archive-wal.sh', () => {
  it('keeps a file, and says again that it is kept', () => {
    const { from, to, archive } = makeLog('log');
    for (let times = 0; times < 2; times++) execFileSync('sh', [ARCHIVE, from, to]);
    expect(readFileSync(to, 'utf8')).toBe('log');
    expect(readdirSync(archive)).toHaveLength(1);
  });

  it('replaces no other file of this name', () => {
    const { from, to } = makeLog('log');
    writeFileSync(to, 'of another history');
    const { status, stderr } = spawnSync('sh', [ARCHIVE, from, to], { encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('nothing was replaced');
    expect(readFileSync(to, 'utf8')).toBe('of another history');
  });

  it('goes on after one that was cut off', () => {
    const { from, to, archive } = makeLog('the whole log');
    writeFileSync(`${to}.part`, 'the wh');
    execFileSync('sh', [ARCHIVE, from, to]);
    expect(readFileSync(to, 'utf8')).toBe('the whole log');
    expect(readdirSync(archive)).toHaveLength(1);
  });

  it('fails where nothing can be kept', () => {
    const { from, archive } = makeLog('log');
    const { status } = spawnSync('sh', [ARCHIVE, from, join(archive, 'away', 'name')]);
    expect(status).not.toBe(0);
  });
});

describe('drill.sh', () => {
  it('says what is missing', () => {
    const { status, stderr } = spawnSync('sh', [DRILL], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('<folder of base backups>');
  });

  it('fails where there is no base backup', () => {
    const folder = temporaryFolder();
    const env = { PATH: process.env['PATH'], PGBIN: folder };
    const args = [DRILL, folder, folder, join(folder, 'pepper')];
    const { status, stderr } = spawnSync('sh', args, { encoding: 'utf8', env });
    expect(status).toBe(1);
    expect(stderr).toContain(`${folder} has no base backup`);
  });

  it('says before it restores that it cannot read the pepper', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '2026-11-30'));
    writeFileSync(join(folder, '2026-11-30', 'backup_manifest'), '');
    const env = { PATH: process.env['PATH'], PGBIN: folder };
    const args = [DRILL, '.', '.', 'pepper'];
    const { status, stderr } = spawnSync('sh', args, { encoding: 'utf8', env, cwd: folder });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^\w+ cannot read pepper: run this as root, or name a copy/);
  });
});
