import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { startRecorder } from '../support/http-recorder.js';
import { runBeside } from './run-beside.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));

/** A worker that loads both entries, reports once, and says what the first one does. */
const worker = (address: string): string => `
  import { createHeadcount as create, track } from 'headcount';
  import { createHeadcount } from 'headcount/edge';
  track();
  const headcount = createHeadcount({
    project: 'acme', version: '1.2.3', endpoint: '${address}',
  });
  export async function answer(waitUntil) {
    headcount.track('startup', {}, { waitUntil });
    const { sent, error } = await headcount.flush();
    return JSON.stringify([create().status().reason, sent, error]);
  }`;

/** The worker as a bundler for the runtime makes it. */
async function bundled(condition: string, address: string, end: string): Promise<string> {
  const result = await build({
    stdin: { contents: worker(address) + end, resolveDir: repo },
    bundle: true,
    write: false,
    format: 'esm',
    conditions: [condition, 'import'],
    platform: 'neutral',
    logLevel: 'error',
  });
  return result.outputFiles[0]?.text ?? '';
}

const SAID = JSON.stringify(['unsupported-runtime', 1, undefined]);

describe('headcount/edge reports, and headcount loads', () => {
  it('in edge-runtime', async () => {
    const recorder = await startRecorder();
    const text = await bundled('edge-light', recorder.address, ';globalThis.answer = answer;');
    const code = text.replace(/export\s*{[^}]*};?\s*$/, '');
    const output = await runBeside(`
      import edge from 'edge-runtime';
      const vm = new edge.EdgeRuntime();
      vm.evaluate(${JSON.stringify(`(() => {${code}})()`)});
      console.log(await vm.evaluate('answer(() => {})'));
      process.exit(); // the runtime's own timer lasts`);
    expect(output).toBe(`${SAID}\n`);
    expect(recorder.reports()).toMatchObject([
      { project: 'acme', anonymous_id: 'ci-edge', info: { runtime: 'edge-light' } },
    ]);
  });

  it('in workerd without Node’s modules', async () => {
    const recorder = await startRecorder();
    const end = `
      export default { async fetch(request, env, context) {
        return new Response(await answer((sending) => context.waitUntil(sending)));
      } };`;
    const text = await bundled('workerd', recorder.address, end);
    const output = await runBeside(`
      import { Miniflare } from 'miniflare';
      const worker = new Miniflare({
        modules: true, compatibilityDate: '2025-06-01', script: ${JSON.stringify(text)},
      });
      console.log(await (await worker.dispatchFetch('http://localhost/')).text());
      await worker.dispose();`);
    expect(output).toBe(`${SAID}\n`);
    expect(recorder.reports()).toMatchObject([
      { project: 'acme', anonymous_id: 'ci-edge', info: { runtime: 'workerd' } },
    ]);
  });

  it('in files without one of Node’s modules', () => {
    for (const file of ['edge.js', 'edge-storages.js', 'elsewhere.js', 'storages.js']) {
      expect(readFileSync(join(repo, 'dist', file), 'utf8')).not.toMatch(
        /node:|\bprocess\b|\brequire\(/,
      );
    }
  });
});
