import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildFailure } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { undiciFiles, whatIsMissing, whatMoved } from '../../build/undici-files.js';
import { tempFolder } from '../support/temp-folder.js';

interface KnownFiles {
  readonly bundled: readonly string[];
  readonly leftOut: readonly string[];
}

const list = new URL('../../build/undici-files.json', import.meta.url);
// The cast: npm run update:undici has written it.
const known = JSON.parse(readFileSync(list, 'utf8')) as KnownFiles;
const HOW_TO_ACCEPT = '\nIf each of these is wanted: npm run update:undici -- --accept';

const found = () =>
  undiciFiles().catch((failure: BuildFailure) => {
    throw new Error(['The sender cannot be built:', ...whatIsMissing(failure)].join('\n  '));
  });

describe('the part of undici in the sender', () => {
  it('has the files of the accepted list, and leaves out those of that list', async () => {
    const moved = whatMoved(known, await found());
    if (moved.length === 0) return;
    expect.fail(['undici is not what it was:', ...moved].join('\n  ') + HOW_TO_ACCEPT);
  });

  it('has neither HTTP/2 nor fetch nor WebSocket, nor the agent that warns of SOCKS5', async () => {
    const files = Object.keys((await found()).bundled);
    expect(files.filter((file) => /h2|fetch|websocket|socks5-proxy-agent|simd/.test(file))).toEqual(
      [],
    );
  });
});

describe('whatMoved()', () => {
  const bundled = { 'lib/a.js': 1, 'lib/core/b.js': 20, 'lib/c.js': 300 };
  const same = { bundled: Object.keys(bundled), leftOut: ['./h2.js'] };

  it('says nothing where nothing moved', () => {
    expect(whatMoved(same, { bundled, leftOut: ['./h2.js'] })).toEqual([]);
  });

  it('says in words which file moved, left or came', () => {
    const before = {
      bundled: ['lib/a.js', 'lib/b.js', 'lib/old.js', 'lib/idle.js'],
      leftOut: ['x'],
    };
    const isThere = (file: string): boolean => file === 'lib/idle.js';
    expect(whatMoved(before, { bundled, leftOut: ['y'] }, isThere)).toEqual([
      'lib/b.js moved to lib/core/b.js',
      'lib/old.js is no longer part of undici',
      'lib/idle.js is no longer bundled',
      'lib/c.js is new in the bundle: 300 bytes',
      'undici no longer imports x, which build/lean-undici.ts leaves out',
      'undici now imports y, which build/lean-undici.ts leaves out',
    ]);
  });
});

describe('whatIsMissing()', () => {
  it('names the import of a file that undici has no more', async () => {
    const entry = join(tempFolder('entry'), 'connections.mjs');
    writeFileSync(entry, `import 'undici/lib/dispatcher/gone.js';`);
    const failure = await undiciFiles(entry).catch((error: BuildFailure) => error);
    expect(whatIsMissing(failure as BuildFailure).join()).toMatch(
      /connections\.mjs: .*"undici\/lib\/dispatcher\/gone\.js"/,
    );
  });
});
