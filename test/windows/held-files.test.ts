import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { createWindowsApp, type WindowsApp } from '../support/windows.js';

/** Wraps file calls before the code of a program, for files in our own folders. */
const wrapping = (calls: string): string => `;(() => {
  const fs = process.getBuiltinModule('node:fs');
  const fail = (code, call) => { throw Object.assign(new Error(code + ': ' + call), { code }); };
  const isOurs = (file) => typeof file === 'string' && /headcount[\\\\/](Config|Data)/.test(file);
  const wrap = (name, before, after = () => {}) => {
    const real = fs[name];
    fs[name] = (...args) => {
      if (isOurs(args[0])) before(args, name);
      const result = real.apply(fs, args);
      if (isOurs(args[0])) after(args);
      return result;
    };
  };
  ${calls}
})();`;

/** A scanner takes each new file for a time, and nobody can rename or remove it meanwhile. */
const scanner = (heldMs: number, code: string): string =>
  wrapping(`
  const taken = new Map();
  const key = (file) => file.replaceAll('\\\\', '/');
  const check = ([file], name) => {
    if (Date.now() - (taken.get(key(file)) ?? 0) < ${heldMs}) fail('${code}', name);
  };
  wrap('writeFileSync', () => {}, ([file]) => taken.set(key(file), Date.now()));
  for (const name of ['unlinkSync', 'linkSync']) wrap(name, check);
  wrap('renameSync', check, ([from, to]) => taken.set(key(to), taken.get(key(from)) ?? 0));`);

/** Nothing can be opened, renamed or removed for a moment, at random. */
const unlucky = wrapping(`
  for (const name of ['openSync', 'renameSync', 'unlinkSync', 'linkSync']) {
    wrap(name, () => { if (Math.random() < 0.3) fail(Math.random() < 0.5 ? 'EBUSY' : 'EPERM', name); });
  }`);

/** Puts code into the sender of an app, after its first line, which the host checks. */
function intoSender(app: WindowsApp, code: string): void {
  const file = join(app.folder, 'node_modules/headcount/dist/sender.cjs');
  const text = readFileSync(file, 'utf8');
  const end = text.indexOf('\n') + 1;
  writeFileSync(file, `${text.slice(0, end)}${code}\n${text.slice(end)}`);
}

const CASES = [
  ['a scanner that holds new files for 20 ms', scanner(20, 'EPERM')],
  ['a scanner that holds new files for 200 ms', scanner(200, 'EBUSY')],
  ['a third of all calls failing', unlucky],
] as const;

it.each(CASES)('a thread sends despite %s', async (_case, code) => {
  const recorder = await startRecorder();
  const app = createWindowsApp({
    'patch.cjs': code,
    'server.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount();
      headcount.track();
      const { sent, error } = await headcount.flush({ timeoutMs: 15_000 });
      console.log(JSON.stringify({ sent, error }));
      await headcount.close();`,
  });
  intoSender(app, code);
  const run = await app.run('server.mjs', {
    env: { HEADCOUNT_ENDPOINT: recorder.address },
    nodeArgs: ['--require', './patch.cjs'],
  });
  expect(run).toEqual({ code: 0, stdout: '{"sent":1}\n', stderr: '' });
  expect(recorder.reports()[0]?.info).toMatchObject({ id_source: 'machine', id_persisted: true });
});

it.each(CASES)('the process that a program leaves behind sends despite %s', async (_case, code) => {
  const recorder = await startRecorder();
  const app = createWindowsApp({ 'cli.mjs': TRACK_ONCE });
  intoSender(app, code);
  const env = { HEADCOUNT_ENDPOINT: recorder.address };
  for (let run = 1; run <= 3; run += 1) {
    expect(await app.run('cli.mjs', { env })).toMatchObject({ code: 0, stderr: '' });
    await eventually(() => recorder.reports().length >= run, `report ${run} of 3`);
  }
  const ids = recorder.reports().map(({ report_id }) => report_id);
  expect(new Set(ids).size).toBe(3);
});

it('half a line is taken away again, so that the next line is whole', async () => {
  const app = createWindowsApp({
    // The disk is full for the third report, of which it takes ten bytes; at the end of the program
    // it takes all of it. Wine shortens a file
    // that is open for appending; Windows does not.
    'patch.cjs': `const fs = require('node:fs');
      const real = fs.writeSync;
      let writes = 0;
      fs.writeSync = (fd, text, ...rest) => {
        if (typeof text !== 'string' || !text.includes('at_ms')) return real(fd, text, ...rest);
        writes += 1;
        return real(fd, writes === 3 ? text.slice(0, 10) : text);
      };
      const appending = new Set();
      const { openSync, ftruncateSync } = fs;
      fs.openSync = (file, flags, ...rest) => {
        const fd = openSync(file, flags, ...rest);
        if (flags & fs.constants.O_APPEND) appending.add(fd);
        else appending.delete(fd);
        return fd;
      };
      fs.ftruncateSync = (fd, length) => {
        if (appending.has(fd)) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
        ftruncateSync(fd, length);
      };`,
    'cli.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount({ mode: 'local' });
      for (let at = 0; at < 3; at += 1) headcount.track();`,
  });
  const nodeArgs = ['--require', './patch.cjs'];
  expect(await app.run('cli.mjs', { nodeArgs })).toMatchObject({ code: 0, stderr: '' });
  const segments = app.files().filter((file) => /Data\/acme-cli\/local\/.*\.ready$/.test(file));
  const lines = segments.flatMap((file) => app.read(file).trim().split('\n'));
  const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
  expect(events).toEqual(['startup', 'startup', 'startup']);
});

it.each([
  ['on', '{"sent":1}\n'],
  ['off', '{"sent":0}\n'],
])('a choice that somebody holds is read as soon as it is free: %s', async (telemetry, told) => {
  const recorder = await startRecorder();
  const app = createWindowsApp({
    'server.mjs': `import fs from 'node:fs';
      import { createHeadcount } from 'headcount';
      // Without sharing: UV_FS_O_EXLOCK of libuv, for which Node.js has no name.
      const fd = fs.openSync(process.env.APPDATA + '/headcount/Config/acme-cli/choice', 0x10000000);
      setTimeout(() => fs.closeSync(fd), 300);
      const headcount = createHeadcount();
      headcount.track();
      await headcount.flush({ timeoutMs: 15_000 });
      const { sent } = headcount.status();
      console.log(JSON.stringify({ sent }));
      await headcount.close();`,
  });
  const folder = join(app.home, 'AppData/Roaming/headcount/Config/acme-cli');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'choice'), JSON.stringify({ telemetry }));
  const run = await app.run('server.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address } });
  expect(run).toEqual({ code: 0, stdout: told, stderr: '' });
  if (telemetry === 'off')
    expect(app.files().filter((file) => file.includes('/Local/'))).toEqual([]);
});
