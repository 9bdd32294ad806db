import { join } from 'node:path';
import { deployFolder } from './app.js';
import { checkPrograms } from './check-programs.js';
import { type Form, type Row, script, versionOf } from './row.js';
import { nodeOf, tool } from './tools.js';

/** What `output: 'standalone'` of Next.js and Vercel deploy: the files that a program is seen to load. */
const traced = (release: '20.18' | '24', form: Form): Row => ({
  name: `@vercel/nft of Next.js, Node.js ${release} (${form === 'mjs' ? 'import' : 'require'})`,
  version: versionOf('next'),
  sends: 'exit process',
  check: checkPrograms(async (app) => {
    const folder = deployFolder(app, `traced-${release}-${form}`);
    const programs = [`cli.${form}`, `server.${form}`];
    await script(
      app,
      `import { cpSync } from 'node:fs';
       import { join } from 'node:path';
       import nft from ${JSON.stringify(tool('next/dist/compiled/@vercel/nft/index.js'))};
       const base = ${JSON.stringify(app.folder)};
       const programs = ${JSON.stringify(programs)}.map((file) => join(base, file));
       const { fileList } = await nft.nodeFileTrace(programs, { base, processCwd: base });
       for (const file of fileList) cpSync(join(base, file), join(${JSON.stringify(folder)}, file));`,
    );
    const [cli = '', server = ''] = programs.map((file) => join(folder, file));
    const node = nodeOf(release);
    return { clis: [[node, cli]], server: [node, server], folder, bundles: [] };
  }),
});

/** Node.js 20.18 takes another entry than later releases. */
export const TRACED_ROWS: readonly Row[] = [
  traced('20.18', 'mjs'),
  traced('24', 'mjs'),
  traced('24', 'cjs'),
];
