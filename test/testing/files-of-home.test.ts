import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOfHome } from '../../src/check/files-of-home.js';
import { tempFolder } from '../support/temp-folder.js';

const filesOf = (...files: string[]) => {
  const home = tempFolder('home');
  for (const file of files) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), '');
  }
  return filesOfHome(home);
};

describe('the files of a home where telemetry is off', () => {
  it.each([
    '.myapp-telemetry/id',
    '.config/myapp/analytics.json',
    '.local/share/myapp/anonymous-id',
    '.myapp/machineId',
    '.cache/myapp/device_uuid',
    '.config/headcount/acme-cli/anonymous-id',
  ])('that speak of it are found: %s', (file) => {
    expect(filesOf(file, '.myapp/config.json')).toEqual({
      telling: [file],
      others: ['.myapp/config.json'],
    });
  });

  it.each(['.myapp/settings.json', '.cache/x/identity', '.myapp/valid', '.myapp/clientidle'])(
    'are others: %s',
    (file) => {
      expect(filesOf(file)).toEqual({ telling: [], others: [file] });
    },
  );

  it('are not those of a package manager', () => {
    const npm = '.npm/_logs/telemetry.log';
    expect(filesOf(npm)).toEqual({ telling: [], others: [] });
    expect(filesOfHome(join(tempFolder('home'), 'gone'))).toEqual({ telling: [], others: [] });
  });
});
