import { renameSync } from 'node:fs';
import { describe, onTestFinished } from 'vitest';
import { dataFolder } from '../../src/data-folder.js';
import { openSettings } from '../../src/open-settings.js';
import { keepStandingFiles } from '../../src/recovery/standing-files.js';
import {
  settingsContract,
  settingsOptions,
  type SettingsPlace,
} from '../contracts/settings-contract.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Settings in a data folder. */
function folderPlace(): Promise<SettingsPlace> {
  const folder = dataFolder(temporaryFolder());
  keepStandingFiles(folder, { wasUsed: false, isShared: false }, { warn: () => undefined });
  return Promise.resolve({
    open: async () => {
      const counts = { kind: 'sqlite', path: folder.counts } as const;
      const settings = await openSettings({ ...settingsOptions(folder), counts });
      onTestFinished(() => settings.close());
      return settings;
    },
    breakWrites: () => {
      renameSync(folder.path, `${folder.path}.away`);
      return Promise.resolve(() => {
        renameSync(`${folder.path}.away`, folder.path);
        return Promise.resolve();
      });
    },
  });
}

describe('settings in a folder', () => {
  settingsContract(folderPlace);
});
