import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemPrograms } from '../../../src/sender/platform/system-programs.js';
import { windowsFolder } from '../../../src/sender/platform/windows-folder.js';

const WINDOWS = 'D:\\WINNT';
const KEY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography';
const QUERY = ['QUERY', KEY, '/v', 'MachineGuid'];

describe('the programs behind the commands of node-machine-id', () => {
  it.each([
    [
      `%windir%\\System32\\REG.exe QUERY ${KEY} /v MachineGuid`,
      [{ file: 'D:\\WINNT\\System32\\reg.exe', args: QUERY }],
    ],
    [
      `%windir%\\sysnative\\cmd.exe /c %windir%\\System32\\REG.exe QUERY ${KEY} /v MachineGuid`,
      [{ file: 'D:\\WINNT\\Sysnative\\reg.exe', args: QUERY }],
    ],
    [
      'ioreg -rd1 -c IOPlatformExpertDevice',
      [{ file: '/usr/sbin/ioreg', args: ['-rd1', '-c', 'IOPlatformExpertDevice'] }],
    ],
    [
      'kenv -q smbios.system.uuid || sysctl -n kern.hostuuid',
      [
        { file: '/bin/kenv', args: ['-q', 'smbios.system.uuid'] },
        { file: '/sbin/sysctl', args: ['-n', 'kern.hostuuid'] },
      ],
    ],
    // A host name is no ID of a machine.
    ['( cat /var/lib/dbus/machine-id /etc/machine-id 2> /dev/null || hostname ) | head -n 1', []],
  ])('are absolute, without a shell: %s', (command, programs) => {
    expect(systemPrograms(command, WINDOWS)).toEqual(programs);
  });

  it('are those of the release of node-machine-id that is bundled', () => {
    const file = new URL('../../../node_modules/node-machine-id/index.js', import.meta.url);
    const code = readFileSync(fileURLToPath(file), 'utf8');
    expect(code).toContain("darwin: 'ioreg -rd1 -c IOPlatformExpertDevice'");
    expect(code).toContain("native: '%windir%\\\\System32'");
    expect(code).toContain("mixed: '%windir%\\\\sysnative\\\\cmd.exe /c %windir%\\\\System32'");
    expect(code).toContain("freebsd: 'kenv -q smbios.system.uuid || sysctl -n kern.hostuuid'");
  });
});

describe('the folder of Windows', () => {
  it.each([
    [{ SystemRoot: 'D:\\WINNT' }, 'D:\\WINNT'],
    [{ systemroot: 'D:\\WINNT', PATH: 'x' }, 'D:\\WINNT'],
    [{ SYSTEMROOT: 'd:/winnt' }, 'd:/winnt'],
    [{}, 'C:\\Windows'],
    [{ SystemRoot: '' }, 'C:\\Windows'],
    [{ SystemRoot: '.\\clone' }, 'C:\\Windows'],
    [{ SystemRoot: 'C:clone' }, 'C:\\Windows'],
    [{ SystemRoot: '\\\\server\\share' }, 'C:\\Windows'],
  ])('is found whatever the case of the name, and is absolute: %j', (env, folder) => {
    expect(windowsFolder(env)).toBe(folder);
  });
});
