// @ts-check
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const FOLDER = fileURLToPath(new URL('../../collector/src/forecast/', import.meta.url));
const NAMES = ['forecast-days', 'explain-change', 'find-counting-problems'];

/**
 * Loads the forecast from its source: it is no entry of the collector's package.
 *
 * @returns {Promise<typeof import('../../collector/src/forecast/forecast-days.js') &
 *   typeof import('../../collector/src/forecast/explain-change.js') &
 *   typeof import('../../collector/src/forecast/find-counting-problems.js')>}
 */
export async function loadForecast() {
  const contents = NAMES.map((name) => `export * from './${name}.js';`).join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: FOLDER, loader: 'ts' },
    ...{ bundle: true, write: false, format: 'esm', platform: 'node' },
  });
  const [file] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(file?.text ?? '').toString('base64')}`);
}
