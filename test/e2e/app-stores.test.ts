import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningCollector, startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { createTestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const require = createRequire(import.meta.url);
const from = (name: string): string => JSON.stringify(pathToFileURL(require.resolve(name)).href);

/** Each store in a folder, as an app opens it. */
const STORES: Record<string, string> = {
  conf: `import Conf from ${from('conf')};
    const storage = fromConf(new Conf({ cwd: process.env.STORE, projectName: 'acme' }));`,
  configstore: `import Configstore from ${from('configstore')};
    const path = process.env.STORE + '/acme.json';
    const storage = fromConf(new Configstore('acme', undefined, { configPath: path }));`,
  unstorage: `import { createStorage } from ${from('unstorage')};
    import fs from ${from('unstorage/drivers/fs-lite')};
    const storage = fromUnstorage(createStorage({ driver: fs({ base: process.env.STORE }) }));`,
  keyv: `import { Keyv } from ${from('keyv')};
    import { mkdirSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
    const fileOf = (key) => process.env.STORE + '/' + encodeURIComponent(key);
    const read = (key) => { try { return readFileSync(fileOf(key), 'utf8'); } catch { return undefined; } };
    const store = {
      opts: {}, namespace: undefined, on() { return this; },
      get: async (key) => read(key), set: async (key, value) => writeFileSync(fileOf(key), value),
      delete: async (key) => (rmSync(fileOf(key), { force: true }), true),
      clear: async () => undefined, has: async (key) => read(key) !== undefined,
    };
    const storage = fromKeyv(new Keyv({ store }));`,
};

/** A short program which reports by a store, and then does as it is told. */
const cli = (open: string): string => `
  import { createHeadcount } from 'headcount';
  import { fromConf, fromKeyv, fromUnstorage } from 'headcount/storages';
  ${open}
  const headcount = createHeadcount({ storage, project: process.env.PROJECT });
  if (process.argv[2] === 'off') await headcount.optOut();
  headcount.track();
  const { sent, queued } = await headcount.close();
  const { mode, reason } = headcount.status();
  console.log(JSON.stringify({ sent, queued, mode, reason }));`;

const ON = { sent: 1, queued: 0, mode: 'on' };

let collector: RunningCollector;
const ends: (() => Promise<void> | void)[] = [];
beforeAll(async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headcount-collector-')));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  collector = await startCollector({
    data: join(folder, 'data'),
    home: folder,
    atEnd: (end) => void ends.unshift(end),
  });
});
afterAll(async () => {
  for (const end of ends) await end();
});

describe.each(Object.entries(STORES))('an app that keeps its ID in %s', (project, open) => {
  const layOut = (address: string) => {
    const app = createTestApp({ 'cli.mjs': cli(open) });
    const env = { HEADCOUNT_ENDPOINT: address, STORE: tempFolder('store'), PROJECT: project };
    return async (...args: string[]) => {
      const { code, stdout, stderr } = await app.run('cli.mjs', { env, args });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout) as unknown;
    };
  };

  it('is one person in all its runs, also in two that start at once', async () => {
    const run = layOut(collector.address);
    expect(await Promise.all([run(), run()])).toEqual([ON, ON]);
    expect(await run()).toEqual(ON);
    const stats = await eventually(async () => {
      const stats = await collector.stats(project);
      return stats.total_reports === 3 ? stats : undefined;
    }, 'three reports');
    expect(stats).toMatchObject({ total_users: 1, total_reports: 3 });
  });

  it('keeps a no, and sends nothing from then on', async () => {
    const recorder = await startRecorder();
    const run = layOut(recorder.address);
    const off = { sent: 0, queued: 0, mode: 'off', reason: 'choice' };
    expect(await run('off')).toMatchObject(off);
    expect(await run()).toMatchObject(off);
    expect(recorder.requests).toEqual([]);
  });
});

const METHODS = ['get', 'set', 'delete'] as const;
const MANNERS: Record<string, string> = {
  throws: `() => { throw new Error('of the store'); }`,
  rejects: `() => Promise.reject(new Error('of the store'))`,
  hangs: `() => new Promise(() => undefined)`,
  'is slow': `(...given) => new Promise((resolve) => setTimeout(() => resolve(own(...given)), 20))`,
  'answers a number': `() => 42`,
  'answers what cannot be cloned': `() => ({ nothing() {}, [Symbol.iterator]: 7 })`,
  'answers a choice as an object': `() => ({ telemetry: 'on' })`,
};
const CASES = METHODS.flatMap((method) =>
  Object.entries(MANNERS).map(([how, manner]) => ({
    // Both hand the same code what they get; one method each is enough.
    adapter: method === 'set' ? 'fromConf' : 'fromKeyv',
    method,
    how,
    manner,
  })),
);

describe('an app whose store', () => {
  it.each(CASES)(
    'in $method $how is not hurt ($adapter), and its report is sent or counted',
    async ({ adapter, method, how, manner }) => {
      const recorder = await startRecorder();
      const app = createTestApp({
        'cli.mjs': `import { createHeadcount } from 'headcount';
        import { ${adapter} } from 'headcount/storages';
        const values = new Map();
        const own = values.${method}.bind(values);
        const store = Object.assign(Object.create(null), {
          get: (key) => values.get(key), set: (key, value) => void values.set(key, value),
          delete: (key) => values.delete(key), ${method}: ${manner},
        });
        const headcount = createHeadcount({ storage: ${adapter}(store) });
        headcount.track();
        const { sent, queued, dropped } = await headcount.close();
        const { mode, warnings } = headcount.status();
        const isWarned = warnings.some(({ reason }) => reason === 'storage-failed');
        console.log(JSON.stringify({ mode, sent, queued, dropped, isWarned }));`,
      });
      const env = { HEADCOUNT_ENDPOINT: recorder.address };
      const { code, stdout, stderr } = await app.run('cli.mjs', { env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const isBroken = ['throws', 'rejects', 'hangs'].includes(how);
      const isKnownOff = method === 'get' && !['rejects', 'hangs', 'is slow'].includes(how);
      const isSent = method !== 'get' || how === 'is slow';
      expect(JSON.parse(stdout)).toEqual({
        mode: isSent ? 'on' : 'off', // what cannot be read may be a no
        sent: Number(isSent),
        queued: 0,
        dropped: Number(!isSent && !isKnownOff),
        isWarned: isBroken && method !== 'delete', // which nothing calls here
      });
      const kept = recorder.reports().map(({ info }) => info.id_persisted);
      const isStored = method !== 'set' || how === 'is slow';
      expect(kept).toEqual(isSent ? [isStored] : []);
    },
  );
});
