import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder.js';
import { createTestApp } from '../support/run-app.js';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

let collector: HttpRecorder;
beforeEach(async () => void (collector = await startHttpRecorder()));
afterEach(() => collector.close());

/** From the strictest to the loosest, with what `status().consent` says of it. */
const MODES = [
  [`disabled: true`, { mode: 'off', rule: 'code', source: 'disabled' }],
  [`mode: 'off'`, { mode: 'off', rule: 'mode', source: 'off' }],
  [`mode: 'opt-in'`, { mode: 'off', rule: 'mode', source: 'opt-in' }],
  [`mode: 'local'`, { mode: 'local', rule: 'mode', source: 'local' }],
  [`mode: 'on'`, { mode: 'on', rule: 'default' }],
] as const;

const PAIRS = MODES.flatMap(([strict, consent], at) =>
  MODES.slice(at).flatMap(([loose]) => [
    [strict, loose, consent] as const,
    [loose, strict, consent] as const,
  ]),
);

async function run(text: string) {
  const app = createTestApp({
    'cli.mjs': `import { createHeadcount, track } from 'headcount'; import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const make = (options) => createHeadcount({ project: 'acme-cli', endpoint: process.argv[2], ...options });
      ${text}`,
  });
  cpSync(dist, join(app.folder, 'copy'), { recursive: true });
  writeFileSync(join(app.folder, 'copy/package.json'), '{"type":"module"}');
  const { code, stdout, stderr } = await app.run('cli.mjs', { args: [collector.address] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout === '' ? undefined : (JSON.parse(stdout) as unknown);
}

describe('the stricter of two modes holds', () => {
  it.each(PAIRS)('%s, then %s', async (first, second, consent) => {
    const print = `console.log(JSON.stringify(hc.status().consent)); await hc.flush();`;
    expect(
      await run(`const hc = make({ ${first} }); make({ ${second} }); hc.track(); ${print}`),
    ).toEqual(consent);
    expect(collector.reports().length).toBe(consent.mode === 'on' ? 1 : 0);
  });

  it.each([
    `disabled: true`,
    `mode: 'off'`,
    `mode: 'opt-in'`,
    `mode: 'local'`,
    `notice: 'before-send'`,
  ])('also for what is queued already: %s', async (second) => {
    await run(
      `const hc = make({}); hc.track(); track(); make({ ${second} }); hc.track(); await hc.flush();`,
    );
    expect(collector.reports()).toEqual([]);
  });

  it('and what was queued before an opt-in is never sent', async () => {
    await run(`const hc = make({}); hc.track(); make({ mode: 'opt-in' });
      await hc.optIn(); hc.track(); await hc.flush();`);
    expect(collector.reports().length).toBe(1);
  });

  it.each([
    ['ESM and CJS', `require('headcount')`, ''],
    ['two copies in different folders', `await import('./copy/index.js')`, ''],
    ['CJS copies', `require('./copy/index.cjs')`, ''],
    ['a frozen globalThis', `require('headcount')`, `Object.freeze(globalThis);`],
    [
      'a globalThis that is frozen between them',
      `await import('./copy/index.js')`,
      `queueMicrotask(() => Object.freeze(globalThis)); await 0;`,
    ],
  ])('in %s of one process', async (_name, other, prelude) => {
    await run(`${prelude} const hc = make({}); const other = ${other};
      other.createHeadcount({ project: 'acme-cli', mode: 'opt-in' }).track(); hc.track(); await hc.flush();`);
    expect(collector.reports()).toEqual([]);
  });

  it('and set-ups for other projects are not touched', async () => {
    await run(
      `const hc = make({}); createHeadcount({ project: 'other', mode: 'off' }); hc.track(); await hc.flush();`,
    );
    expect(collector.reports().length).toBe(1);
  });
});

it('names the options that a later set-up could not change', async () => {
  const warnings = await run(`const hc = make({ events: { build: { description: 'A build.' } } });
    createHeadcount({ project: 'acme-cli', endpoint: 'https://other.example', mode: 'opt-in', events: {} });
    console.log(JSON.stringify(hc.status().warnings));`);
  expect(warnings).toMatchObject([
    {
      reason: 'options-ignored',
      text: expect.stringMatching(/endpoint, events|events, endpoint/) as string,
    },
    { reason: 'stricter-mode' },
  ]);
});
