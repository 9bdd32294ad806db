import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { cheapBuiltins } from '../../build/cheap-builtins.js';
import { tempFolder } from '../support/temp-folder.js';

function bundle(code: string) {
  const file = join(tempFolder('builtins'), 'code.mjs');
  writeFileSync(file, code);
  const plugins = [cheapBuiltins];
  return build({ entryPoints: [file], bundle: true, write: false, plugins, logLevel: 'silent' });
}

describe('the build of the host’s part', () => {
  it('takes what is listed of Node’s modules without an import of them', async () => {
    const { outputFiles } = await bundle(
      `import os from 'node:os'; import { Buffer } from 'node:buffer';
       console.log(os.tmpdir(), Buffer.alloc(1));`,
    );
    const [{ text } = { text: '' }] = outputFiles;
    expect(text).toContain('process.getBuiltinModule("node:os").tmpdir()');
    expect(text).not.toMatch(/require|import/);
  });

  it.each([
    ['a call', `import os from 'node:os'; console.log(os.cpus());`],
    ['a name', `import { transcode } from 'node:buffer'; console.log(transcode);`],
  ])('fails for %s that is not listed', async (_what, code) => {
    await expect(bundle(code)).rejects.toThrow(/os\.cpus|transcode/);
  });
});
