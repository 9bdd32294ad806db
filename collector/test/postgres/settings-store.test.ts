import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dataFolder, type DataFolder } from '../../src/data-folder.js';
import {
  openSettings,
  type OpenedSettings,
  type SettingsOptions,
} from '../../src/open-settings.js';
import { readStoreFacts } from '../../src/store/postgres/open-postgres-store.js';
import {
  settingsContract,
  settingsOptions,
  type SettingsPlace,
} from '../contracts/settings-contract.js';
import { SETTINGS_KINDS } from '../contracts/settings-kinds.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { run } from './support/run.js';
import { temporarySchema } from './support/temporary-schema.js';

const newFolder = (): DataFolder => dataFolder(temporaryFolder());

async function newStore(): Promise<string> {
  const address = await temporarySchema();
  await readStoreFacts(address, 0);
  return address;
}

/** Opens settings in a store, as a collector with this folder does. */
async function openIn(
  address: string,
  folder = newFolder(),
  changes: Partial<SettingsOptions> = {},
): Promise<OpenedSettings> {
  const counts = { kind: 'postgres', address } as const;
  const settings = await openSettings({ ...settingsOptions(folder), counts, ...changes });
  onTestFinished(() => settings.close());
  return settings;
}

/** Settings in files, before a store has them. */
async function openFiles(folder: DataFolder): Promise<OpenedSettings> {
  const counts = { kind: 'sqlite', path: folder.counts } as const;
  return openSettings({ ...settingsOptions(folder), counts });
}

async function storePlace(): Promise<SettingsPlace> {
  const address = await newStore();
  return {
    open: () => openIn(address),
    breakWrites: async () => {
      await run(address, 'ALTER TABLE shared_documents RENAME TO away_documents');
      await run(address, 'ALTER TABLE shared_log RENAME TO away_log');
      return async () => {
        await run(address, 'ALTER TABLE away_documents RENAME TO shared_documents');
        await run(address, 'ALTER TABLE away_log RENAME TO shared_log');
      };
    },
  };
}

describe('settings in a store', () => {
  settingsContract(storePlace);

  it.each(SETTINGS_KINDS)('show to each node which $kind others have changed', async (of) => {
    const address = await newStore();
    const [here, there] = [await openIn(address), await openIn(address)];
    const [first = '', second = ''] = of.names;
    await of.put(here, first, 'one');
    await until('the other knows it', () => first in of.all(there));
    await of.put(there, second, 'two');
    await of.remove(there, first);
    const expected = { [second]: of.value(second, 'two') };
    await until('the first knows both', () => !(first in of.all(here)));
    expect(of.all(here)).toEqual(expected);
    expect(of.all(there)).toEqual(expected);
  });
});

describe('a store that nobody has used', () => {
  const CLOSED = { status: 'closed', created_at: '2026-11-22T20:00:00.000Z' } as const;

  it('takes over all of a folder or nothing', async () => {
    const address = await newStore();
    const folder = newFolder();
    const files = await openFiles(folder);
    await files.projects.save('acme-cli', CLOSED);
    const [tokens] = SETTINGS_KINDS;
    await tokens?.put(files, 'id0', 'taken over');
    const text = readFileSync(folder.projects, 'utf8');
    writeFileSync(folder.projects, text.slice(1));
    await expect(openIn(address, folder)).rejects.toThrow(/projects\.json is damaged/);
    writeFileSync(folder.projects, text);
    // As if the start were killed before it marks the folder, and repeated.
    const mark = { ...folder, inStore: `${folder.inStore}.other` };
    await (await openIn(address, mark)).close();
    const unused: (readonly string[])[] = [];
    const onUnused = (paths: readonly string[]): void => void unused.push(paths);
    const settings = await openIn(address, folder, { onUnused });
    expect(settings.projects.all.get('acme-cli')).toEqual(CLOSED);
    expect([...(settings.tokens.read()?.keys() ?? [])]).toEqual(['id0']);
    expect(unused).toEqual([[folder.tokens, folder.projects]]);
  });

  it('takes over one folder where two come at once, and names the files of the other', async () => {
    const address = await newStore();
    const folders = [newFolder(), newFolder()];
    for (const [n, folder] of folders.entries()) {
      const files = await openFiles(folder);
      await files.projects.save(`project-${n}`, CLOSED);
      for (const of of SETTINGS_KINDS.slice(0, 1)) await of.put(files, `id${n}`, 'text');
    }
    const unused: string[] = [];
    const both = await Promise.all(
      folders.map((folder) =>
        openIn(address, folder, { onUnused: (paths) => unused.push(...paths) }),
      ),
    );
    const [one] = both;
    const taken = one?.projects.all.has('project-0') === true ? 0 : 1;
    for (const settings of both) {
      expect([...settings.projects.all.keys()]).toEqual([`project-${taken}`]);
      expect([...(settings.tokens.read()?.keys() ?? [])]).toEqual([`id${taken}`]);
    }
    expect(unused).toEqual([folders[1 - taken]?.tokens, folders[1 - taken]?.projects]);
    // Both folders are marked: their files are old from now on.
    for (const folder of folders) await expect(openFiles(folder)).rejects.toThrow(/in the store/);
  });
});
