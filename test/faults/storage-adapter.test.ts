import { describe, expect, it } from 'vitest';
import { startFaultServer } from '../support/fault-server.js';
import { createTestApp } from '../support/run-app.js';

const VALUES = ['get', 'set', 'setIfAbsent', 'remove'];
const OUTBOX = [
  ...['append', 'seal', 'list', 'claim', 'rewrite', 'remove', 'release'],
  ...['bound', 'lose', 'lostTotal'],
];

const MANNERS: Record<string, string> = {
  throws: `() => { throw new Error('of the adapter'); }`,
  'throws nothing': `() => { throw undefined; }`,
  rejects: `() => Promise.reject(new Error('of the adapter'))`,
  'rejects later': `() => new Promise((_, reject) => setTimeout(reject, 50, new Error('late')))`,
  hangs: `() => new Promise(() => undefined)`,
  'answers nothing': `() => undefined`,
  'answers a number': `() => 42`,
  'answers what cannot be cloned': `() => ({ nothing() {}, [Symbol.iterator]: 7 })`,
  'answers a promise that throws when looked at': `() => ({ get then() { throw new Error('of the adapter'); } })`,
};

/** A storage in memory that works, but for one method. */
const script = (part: string, method: string, manner: string): string => `
  import { createHeadcount } from 'headcount';
  const values = new Map();
  const segments = new Map();
  let open = '';
  let made = 0;
  const storage = {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    setIfAbsent(key, value) {
      if (!values.has(key)) values.set(key, value);
      return values.get(key);
    },
    remove: (key) => void values.delete(key),
    outbox: {
      append: (lines) => void (open += lines),
      seal() {
        if (open) segments.set(String(made += 1), { text: open, claimed: false });
        open = '';
      },
      list: () => [...segments].filter(([, { claimed }]) => !claimed).map(([name]) => name),
      claim(name) {
        const segment = segments.get(name);
        if (!segment || segment.claimed) return undefined;
        segment.claimed = true;
        return segment.text;
      },
      rewrite: (name, text) => void (segments.get(name).text = text),
      remove: (name) => void segments.delete(name),
      release: (name) => void (segments.get(name).claimed = false),
    },
  };
  storage${part}.${method} = ${manner};
  const headcount = createHeadcount({ storage, flushIntervalMs: 0 });
  headcount.track();
  const started = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 100));
  headcount.track();
  const flushed = await headcount.flush({ timeoutMs: 500 });
  const status = headcount.status();
  const closed = await headcount.close({ timeoutMs: 500 });
  const isResult = (result) => ['sent', 'queued', 'dropped'].every((key) =>
    Number.isInteger(result[key]) && result[key] >= 0 && result[key] <= 2);
  console.log(isResult(flushed) && isResult(closed) && status.project === 'acme-cli');
  console.log(performance.now() - started < 100 + 500 + 500 + 700);`;

const CASES = [
  ...VALUES.map((method) => ({ part: '', method, name: method })),
  ...OUTBOX.map((method) => ({ part: '.outbox', method, name: `outbox.${method}` })),
].flatMap((method) => Object.entries(MANNERS).map(([how, manner]) => ({ ...method, how, manner })));

describe('an app whose own storage', () => {
  it.each(CASES)('in $name $how is not hurt', async ({ part, method, manner }) => {
    const server = await startFaultServer();
    const app = createTestApp({ 'server.mjs': script(part, method, manner) });
    const env = { HEADCOUNT_ENDPOINT: server.address, HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0' };
    const { code, stdout, stderr } = await app.run('server.mjs', { env });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'true\ntrue\n', stderr: '' });
  });

  it('has methods that are getters which throw is not hurt', async () => {
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        let armed = false;
        const method = { enumerable: true, get() {
          if (armed) throw new Error('of the adapter');
          return () => undefined;
        } };
        const names = ['get', 'set', 'setIfAbsent', 'remove'];
        const storage = Object.defineProperties({},
          Object.fromEntries(names.map((name) => [name, method])));
        const headcount = createHeadcount({ storage });
        armed = true;
        headcount.track();
        await headcount.flush({ timeoutMs: 500 });
        await headcount.close({ timeoutMs: 500 });
        console.log('done');`,
    });
    expect(await app.run('server.mjs')).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
  });
});
