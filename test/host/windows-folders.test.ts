import { describe, expect, it } from 'vitest';
import { windowsFolders } from '../../src/host/deferred/platform/windows-folders.js';

const HOME = 'C:\\Users\\ada';
const AT_HOME = {
  config: `${HOME}\\AppData\\Local\\headcount\\Config\\acme-cli`,
  choice: `${HOME}\\AppData\\Roaming\\headcount\\Config\\acme-cli`,
  state: `${HOME}\\AppData\\Local\\headcount\\Data\\acme-cli`,
  outbox: `${HOME}\\AppData\\Local\\headcount\\Data\\acme-cli\\outbox`,
};
const LOCAL = { LOCALAPPDATA: `${HOME}\\AppData\\Local` };
const ROAMING = { APPDATA: `${HOME}\\AppData\\Roaming` };

describe('the folders on Windows', () => {
  it('keep only the choice in the roaming profile, which other machines have too', () => {
    expect(windowsFolders('acme-cli', { ...LOCAL, ...ROAMING })).toEqual(AT_HOME);
  });

  it('are found whatever the case of the variables, as in a thread', () => {
    const env = { LocalAppData: LOCAL.LOCALAPPDATA, appdata: ROAMING.APPDATA };
    expect(windowsFolders('acme-cli', env)).toEqual(AT_HOME);
  });

  it.each([{}, { LOCALAPPDATA: '', APPDATA: '' }, { LOCALAPPDATA: 'Local', APPDATA: 'C:Roaming' }])(
    'are under the home if the variables give no folder: %j',
    (env) => {
      expect(windowsFolders('acme-cli', { ...env, USERPROFILE: HOME })).toEqual(AT_HOME);
    },
  );

  it('are on the system drive if none is named, wherever the program runs', () => {
    const env = { LOCALAPPDATA: '\\h\\x', APPDATA: '\\h\\y', SystemDrive: 'E:' };
    expect(windowsFolders('acme-cli', env)).toEqual({
      config: 'E:\\h\\x\\headcount\\Config\\acme-cli',
      choice: 'E:\\h\\y\\headcount\\Config\\acme-cli',
      state: 'E:\\h\\x\\headcount\\Data\\acme-cli',
      outbox: 'E:\\h\\x\\headcount\\Data\\acme-cli\\outbox',
    });
  });

  it('may be on a server, as redirected folders are', () => {
    const folders = windowsFolders('acme-cli', { ...LOCAL, APPDATA: '\\\\server\\ada\\Roaming' });
    expect(folders?.choice).toBe('\\\\server\\ada\\Roaming\\headcount\\Config\\acme-cli');
    expect(folders?.config).toBe(AT_HOME.config);
  });
});
