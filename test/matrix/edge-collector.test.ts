import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { startCollector } from '../support/collector.js';
import { startRecorder } from '../support/http-recorder.js';
import { tempFolder } from '../support/temp-folder.js';
import { runBeside } from './run-beside.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));

/** A worker that makes its instance anew in each request, as the documents have it. */
const worker = (address: string): string => `
  import { createHeadcount, kvStorage } from 'headcount/edge';
  export default {
    async fetch(request, env, context) {
      const headcount = createHeadcount({
        project: 'acme-worker', version: '1.2.3', endpoint: '${address}',
        storage: kvStorage(env.HEADCOUNT),
      });
      headcount.track('startup', {}, { waitUntil: (sending) => context.waitUntil(sending) });
      return new Response('ok'); // waits for nothing
    },
  };`;

/** Asks the worker, and gives what is in KV after what it waits for. */
async function request(address: string, kvPersist: string, times = 1): Promise<string[]> {
  const result = await build({
    stdin: { contents: worker(address), resolveDir: repo },
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['workerd', 'import'],
    platform: 'neutral',
    logLevel: 'error',
  });
  const script = result.outputFiles[0]?.text ?? '';
  const output = await runBeside(`
    import { Miniflare } from 'miniflare';
    const mf = new Miniflare({
      modules: true, compatibilityDate: '2025-06-01', script: ${JSON.stringify(script)},
      kvNamespaces: ['HEADCOUNT'], kvPersist: ${JSON.stringify(kvPersist)},
    });
    const worker = await mf.getWorker();
    for (let count = 0; count < ${times}; count += 1) {
      const answer = await worker.fetch('http://localhost/');
      if ((await answer.text()) !== 'ok') throw new Error('no answer');
      await new Promise((resolve) => setTimeout(resolve, 700)); // waitUntil() tells nobody
    }
    const kv = await mf.getKVNamespace('HEADCOUNT');
    const { keys } = await kv.list();
    console.log(JSON.stringify(await Promise.all(keys.map(({ name }) => kv.get(name)))));
    await mf.dispose();`);
  return JSON.parse(output) as string[];
}

describe('a worker with KV', () => {
  it('is counted exactly once, and keeps nothing', async () => {
    const collector = await startCollector();
    expect(await request(collector.address, tempFolder('kv'), 2)).toEqual([]);
    expect(await collector.stats('acme-worker')).toMatchObject({
      total_reports: 2,
      total_users: 0, // a deployment is no person
    });
  });

  it('keeps what a collector that is down did not get, and delivers it once', async () => {
    const kv = tempFolder('kv');
    const first = await startCollector();
    const { port, address } = first;
    await first.stop();
    const [kept = '[]'] = await request(address, kv);
    const [queue] = JSON.parse(kept) as [unknown[]];
    expect(queue).toHaveLength(1);
    const collector = await startCollector({ port });
    expect(await request(address, kv)).toEqual([]);
    expect(await request(address, kv)).toEqual([]);
    expect(await collector.stats('acme-worker')).toMatchObject({ total_reports: 3 });
  });

  it('asks no collector again before the time it was told, nor one that wants no more', async () => {
    const kv = tempFolder('kv');
    let status = 503;
    const recorder = await startRecorder(() => ({
      status,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '600' },
      body: JSON.stringify({ type: 'urn:headcount:problem:x', status }),
    }));
    await request(recorder.address, kv);
    expect(recorder.requests).toHaveLength(1);
    const [kept = '[]'] = await request(recorder.address, kv);
    expect(recorder.requests).toHaveLength(1);
    expect((JSON.parse(kept) as [unknown[]])[0]).toHaveLength(2);
    status = 410;
    const fresh = tempFolder('kv');
    await request(recorder.address, fresh, 2);
    await request(recorder.address, fresh);
    expect(recorder.requests).toHaveLength(2);
  });
});
