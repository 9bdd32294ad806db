import { describe, expect, it } from 'vitest';
import { absoluteFolders } from '../../src/storage/file-request.js';
import { fileStorage } from '../../src/storage/file-storage.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';
import { fakePlatform } from '../support/fake-platform.js';

describe('absoluteFolders()', () => {
  const platform = fakePlatform({ cwd: '/srv/acme' });

  it.each([
    ['data', '/srv/acme/data'],
    ['../data', '/srv/data'],
    ['/var/lib/acme', '/var/lib/acme'],
  ])('takes %s for %s', (folder, absolute) => {
    expect(absoluteFolders(fileStorage({ folder }), platform)).toEqual({
      kind: 'file',
      folders: { config: absolute, state: absolute, outbox: `${absolute}/outbox` },
    });
  });

  it('leaves any other storage as it is', () => {
    for (const storage of [fileStorage(), memoryStorage()]) {
      expect(absoluteFolders(storage, platform)).toBe(storage);
    }
  });

  it('takes the usual folders where the program works in one that was deleted', () => {
    const absolutePath = (): never => {
      throw Object.assign(new Error('ENOENT: uv_cwd'), { code: 'ENOENT' });
    };
    const storage = fileStorage({ folder: 'data' });
    expect(absoluteFolders(storage, { absolutePath })).toEqual(fileStorage());
  });
});
