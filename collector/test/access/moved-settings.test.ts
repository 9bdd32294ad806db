import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder, type DataFolder } from '../../src/data-folder.js';
import { moveSettings } from '../../src/move/move-settings.js';
import { openSettings, type OpenedSettings } from '../../src/open-settings.js';
import { keepStandingFiles } from '../../src/recovery/standing-files.js';
import { readSettings } from '../../src/settings-of-folder.js';
import type { SharedBeginning } from '../../src/store/shared-store.js';
import { settingsOptions } from '../contracts/settings-contract.js';
import { HOSTILE, SETTINGS_KINDS } from '../contracts/settings-kinds.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const NOW = new Date('2026-11-22T21:00:00.000Z');

const rethrow = (error: unknown): never => {
  throw error;
};

function newFolder(): DataFolder {
  const folder = dataFolder(temporaryFolder());
  keepStandingFiles(folder, { wasUsed: false, isShared: false }, { warn: () => undefined });
  return folder;
}

const openFiles = (folder: DataFolder): Promise<OpenedSettings> =>
  openSettings({ ...settingsOptions(folder), counts: { kind: 'sqlite', path: folder.counts } });

/** What a store has after a folder with all kinds of settings was taken over. */
async function sharedSettings(): Promise<SharedBeginning> {
  const folder = newFolder();
  const settings = await openFiles(folder);
  for (const of of SETTINGS_KINDS) {
    for (const name of of.names) await of.put(settings, name, HOSTILE);
  }
  for (const target of ['one', HOSTILE]) {
    await settings.audit.record({ id: null, name: 'job' }, { ...DONE, target });
  }
  return readSettings(folder, rethrow);
}

const DONE = { action: 'PUT', outcome: 'done' } as const;

/** A folder whose settings a store has taken over long ago. */
async function markedFolder(): Promise<DataFolder> {
  const folder = newFolder();
  const settings = await openFiles(folder);
  for (const of of SETTINGS_KINDS) await of.put(settings, of.names[0] ?? '', 'old');
  writeFileSync(folder.inStore, '');
  return folder;
}

const textsOf = ({ path }: DataFolder): Record<string, string> =>
  Object.fromEntries(
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(join(path, name), 'utf8')]),
  );

describe('settings that come back from a store', () => {
  it('replace those of the folder, which are kept, once all of them are there', async () => {
    const shared = await sharedSettings();
    const folder = await markedFolder();
    const before = textsOf(folder);
    const move = () => moveSettings({ read: () => Promise.resolve(shared) }, folder, () => NOW);
    // Killed before it is published, and run again.
    await move().copy();
    expect(textsOf(folder)).toEqual(before);
    await expect(openFiles(folder)).rejects.toThrow(/move --from store/);
    const again = move();
    await again.copy();
    await again.publish();

    const settings = await openFiles(folder);
    for (const of of SETTINGS_KINDS) {
      expect(of.all(settings)).toEqual(
        Object.fromEntries(of.names.map((name) => [name, of.value(name, HOSTILE)])),
      );
    }
    const { entries } = await settings.audit.page(10);
    expect(entries.map(({ target }) => target)).toEqual([HOSTILE, 'one']);
    expect(again.moved()?.log).toBe(2);
    const after = textsOf(folder);
    expect(after['tokens.json.moved-2026-11-22T21-00-00.000Z']).toBe(before['tokens.json']);
    expect(existsSync(join(folder.path, 'settings.moving'))).toBe(false);
  });

  it('leave the folder as it is where this release cannot read all of them', async () => {
    const shared = await sharedSettings();
    const odd = { tokens: new Map([['id0', { level: 'of a newer release' }]]) };
    const read = () => Promise.resolve({ ...shared, documents: { ...shared.documents, ...odd } });
    const folder = await markedFolder();
    const before = textsOf(folder);
    const move = moveSettings({ read }, folder, () => NOW);
    await expect(move.copy()).rejects.toThrow(/tokens of id0 that this release cannot read/);
    await move.publish();
    expect(textsOf(folder)).toEqual(before);
  });

  it('let nobody in where all tokens were revoked, and make the first where none ever was', async () => {
    const shared = await sharedSettings();
    for (const tokens of [new Map(), undefined]) {
      const documents = { ...shared.documents, tokens };
      const read = () => Promise.resolve({ ...shared, documents });
      const folder = await markedFolder();
      const move = moveSettings({ read }, folder, () => NOW);
      await move.copy();
      await move.publish();
      expect((await openFiles(folder)).tokens.read()).toEqual(tokens);
    }
  });
});
