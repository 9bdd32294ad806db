import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * Keeps the names and conditions of ci-info's table, as JSON text that is parsed when it is loaded:
 * faster than an object literal, and shorter. The host's first report needs the variables alone.
 */
export const ciVendors: Plugin = {
  name: 'ci-vendors',
  setup(build) {
    build.onLoad({ filter: /ci-info[\\/]vendors\.json$/ }, ({ path }) => {
      const vendors = JSON.parse(readFileSync(path, 'utf8')) as { name: string; env: unknown }[];
      const table = JSON.stringify(vendors.map(({ name, env }) => ({ name, env })));
      return { contents: `export default JSON.parse(${JSON.stringify(table)})` };
    });
    // Every first report looks for these variables: without the table that they are taken from.
    build.onLoad({ filter: /src[\\/]report[\\/]ci-hints\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build.esbuild.build({
        entryPoints: [path],
        bundle: true,
        format: 'esm',
        write: false,
      });
      const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
      const { CI_HINTS } = (await import(`data:text/javascript;base64,${code}`)) as {
        CI_HINTS: readonly (string | readonly string[])[];
      };
      const names = [...new Set(CI_HINTS.filter((hint) => typeof hint === 'string'))];
      const others = CI_HINTS.filter((hint) => typeof hint !== 'string');
      const list = `"${names.join(' ')}".split(" ")`;
      return { contents: `export const CI_HINTS = [...${list}, ...${JSON.stringify(others)}];` };
    });
  },
};
