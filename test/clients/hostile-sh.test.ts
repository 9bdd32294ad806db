import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type HttpRecorder, reportsIn, startRecorder } from '../support/http-recorder.js';
import { startBlackHole } from './black-hole.js';
import { type Home, makeHome, markerOf } from './home.js';
import { type Ended, runProgram, SH_FILE, SHELLS } from './run-client.js';

const SOURCE = `. '${SH_FILE}'`;

function newHome(): Home {
  const home = makeHome();
  onTestFinished(() => home.remove());
  return home;
}

/** A folder with some of the system's programs, to be the only one in PATH. */
function pathWithout(missing: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'headcount-path-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const all =
    'cat cut curl date grep head ln mkdir mv od rm sed sha256sum sleep tail timeout tr uname wget';
  for (const name of all.split(' ').filter((each) => !missing.includes(each))) {
    symlinkSync(`/usr/bin/${name}`, join(folder, name));
  }
  return folder;
}

const filesOf = (home: Home): string[] =>
  readdirSync(home.path, { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name),
  );

describe.each(Object.entries(SHELLS))('headcount.sh in %s', (_, shell) => {
  const script = (text: string, env: Record<string, string>): Promise<Ended> =>
    runProgram([...shell, text], env);
  const call = ({ address }: Pick<HttpRecorder, 'address'>) =>
    `${SOURCE}; headcount acme-cli 2.3.1 ${address} deb`;

  it('reports once a day, into files that are this account’s alone', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    for (let run = 0; run < 3; run += 1) {
      const { code, output } = await script(call(recorder), { HOME: home.path });
      expect({ code, output }).toEqual({ code: 0, output: '' });
    }
    expect(recorder.reports()).toHaveLength(1);
    for (const path of filesOf(home)) {
      const found = statSync(path);
      expect([path, found.mode & 0o777]).toEqual([path, found.isDirectory() ? 0o700 : 0o600]);
    }
    const names = filesOf(home).map((path) => path.slice(path.lastIndexOf('/') + 1));
    expect(
      names.filter((name) => /(?<!^collector)\.[0-9a-f]{16}$/.test(name)),
      'drafts',
    ).toEqual([]);
  });

  it('leaves a strict script, its variables, options and traps as they are', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    const text = `
      set -eufC; IFS=x; umask 000; project=mine; code=mine; readonly version=mine endpoint id text now; trap 'echo "ended with $?"' EXIT
      cd /tmp; set -- one 'two three'
      ${call(recorder)}
      echo "$project $code $# $2 $(umask) $PWD $-"; exit 3`;
    const { code, output } = await script(text, { HOME: home.path });
    const without = await script(text.replace(/headcount acme[^\n]*/, ':'), { HOME: home.path });
    expect({ code, output }).toEqual({ code: 3, output: without.output });
    expect(output).toContain('mine mine');
    expect(output.match(/ended with/g)).toHaveLength(1);
    expect(recorder.reports()).toHaveLength(1);
  });

  it('works with every stream closed', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    const text = `${SOURCE}; exec <&- >&- 2>&-; headcount acme-cli 2.3.1 ${recorder.address}; exit 5`;
    expect(await script(text, { HOME: home.path })).toMatchObject({ code: 5, output: '' });
    expect(recorder.reports()).toHaveLength(1);
  });

  it('neither waits for a collector that never answers, nor is waited for', async () => {
    const [address, home] = [await startBlackHole(), newHome()];
    const text = `${SOURCE}; headcount acme-cli 2.3.1 ${address}`;
    const { code, output, ms, allMs } = await script(text, { HOME: home.path });
    expect({ code, output }).toEqual({ code: 0, output: '' });
    expect(
      allMs - ms,
      'it was still sending when the script and its output had ended',
    ).toBeGreaterThan(1_500);
    expect(allMs).toBeLessThan(15_000);
    expect(home.read(markerOf()), 'the report waits').toContain('"report_id"');
  });

  it.each([
    ['in a new home', {}],
    ['after a day', { wait: '1700000000', [markerOf(-1)]: '' }],
  ])('makes one request if twelve start at once %s', async (_when, state) => {
    const [recorder, home] = [await startRecorder(), newHome()];
    for (const [name, text] of Object.entries(state)) home.write(name, text);
    const ends = await Promise.all(
      Array.from({ length: 12 }, () => script(call(recorder), { HOME: home.path })),
    );
    expect(ends.map(({ code, output }) => ({ code, output }))).toEqual(
      ends.map(() => ({ code: 0, output: '' })),
    );
    expect(recorder.requests).toHaveLength(1);
    expect(home.read('anonymous-id')).toBe(`${recorder.reports()[0]?.anonymous_id} time`);
    expect(home.read(markerOf())).toBe('');
  });

  it('makes one request if twelve find a report that waits', async () => {
    const home = newHome();
    const recorder = await startRecorder((_request, count) => ({
      status: count === 1 ? 503 : 202,
    }));
    await script(call(recorder), { HOME: home.path });
    home.write('wait', '1700000000'); // ten minutes later
    await Promise.all(
      Array.from({ length: 12 }, () => script(call(recorder), { HOME: home.path })),
    );
    expect(recorder.requests).toHaveLength(2);
    expect(home.read(markerOf())).toBe('');
  });

  it('sends by wget where there is no curl', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    const env = { HOME: home.path, PATH: pathWithout(['curl']) };
    expect(await script(call(recorder), env)).toMatchObject({ code: 0, output: '' });
    expect(recorder.reports()).toHaveLength(1);
    expect(recorder.requests[0]?.headers['user-agent']).toBe('headcount-sh/1');
    expect(home.read(markerOf())).toBe('');
    expect(existsSync(join(home.path, '.wget-hsts'))).toBe(false);
  });

  it('understands a refusal by wget', async () => {
    const problem = {
      type: 'urn:headcount:problem:project_closed',
      title: 'The project accepts no reports',
      status: 410,
    };
    const home = newHome();
    const recorder = await startRecorder(() => ({
      status: 410,
      body: JSON.stringify(problem),
      headers: { 'content-type': 'application/problem+json' },
    }));
    await script(call(recorder), { HOME: home.path, PATH: pathWithout(['curl']) });
    expect(home.read('retired')).toBe('2.3.1');
  });

  it.each([
    ['curl and wget', ['curl', 'wget']],
    [
      'any program',
      'cat cut curl date head ln mkdir mv od rm sed sha256sum tr uname wget'.split(' '),
    ],
  ])('is silent without %s', async (_what, missing) => {
    const [recorder, home] = [await startRecorder(), newHome()];
    const env = { HOME: home.path, PATH: pathWithout(missing) };
    // Loaded by the shell itself, which needs no program for it.
    const text = `${call(recorder)}; echo on`;
    expect(await script(text, env)).toMatchObject({ code: 0, output: 'on\n' });
    expect(recorder.requests).toEqual([]);
  });

  it.each([
    ['none', undefined],
    ['a relative one', 'home'],
    ['a file', SH_FILE],
    ['one that nobody can write to', '/proc'],
    ['one that is not there', '/nowhere'],
  ])('is silent and sends nothing with a home that is %s', async (_what, HOME) => {
    const recorder = await startRecorder();
    // zsh makes up a HOME that is missing.
    const text = HOME === undefined ? `unset HOME; ${call(recorder)}` : call(recorder);
    const env = { HOME: HOME ?? '/nowhere' };
    expect(await script(text, env)).toMatchObject({ code: 0, output: '' });
    expect(recorder.requests).toEqual([]);
  });

  it('writes nothing in a home of somebody else', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    chownSync(home.path, 65_534, 65_534);
    expect(await script(call(recorder), { HOME: home.path })).toMatchObject({
      code: 0,
      output: '',
    });
    expect(filesOf(home)).toEqual([]);
    expect(recorder.requests).toEqual([]);
  });

  it('follows no link in the place of its files', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    const victim = join(home.path, 'victim');
    writeFileSync(victim, 'mine');
    for (const name of ['anonymous-id', 'owner-secret', 'wait', 'retired']) {
      home.write(name, '');
      rmSync(home.file(name));
      symlinkSync(victim, home.file(name));
    }
    await script(call(recorder), { HOME: home.path });
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(recorder.reports()).toHaveLength(1);
    rmSync(home.file(markerOf()));
    symlinkSync(victim, home.file(markerOf()));
    rmSync(home.file('wait'));
    await script(call(recorder), { HOME: home.path });
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(recorder.reports()).toHaveLength(1);
  });

  it('ignores what curl and wget would read of a home', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    writeFileSync(join(home.path, '.curlrc'), 'proxy = "http://127.0.0.1:9"\nverbose\n');
    mkdirSync(join(home.path, 'curl'));
    writeFileSync(join(home.path, 'curl', '.curlrc'), 'proxy = "http://127.0.0.1:9"\n');
    writeFileSync(join(home.path, '.wgetrc'), 'http_proxy = http://127.0.0.1:9\nuse_proxy = on\n');
    await script(call(recorder), { HOME: home.path, CURL_HOME: join(home.path, 'curl') });
    expect(recorder.reports()).toHaveLength(1);
    expect(Object.keys(recorder.requests[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'content-length',
      'content-type',
      'host',
      'user-agent',
    ]);
  });

  it('sends what failed again, with the same bytes', async () => {
    const home = newHome();
    const recorder = await startRecorder((_request, count) => ({
      status: count === 1 ? 503 : 202,
    }));
    await script(call(recorder), { HOME: home.path });
    rmSync(home.file('wait')); // ten minutes later
    await script(call(recorder), { HOME: home.path });
    const [first, second] = recorder.requests.map((request) => JSON.stringify(reportsIn(request)));
    expect(second).toBe(first);
    expect(home.read(markerOf())).toBe('');
  });

  it('takes no channel that is no word', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    await script(call(recorder).replace(/deb$/, `'de"b'`), { HOME: home.path });
    expect(recorder.reports()).toMatchObject([{ info: { channel: null } }]);
  });

  it('does nothing for calls that make no sense', async () => {
    const home = newHome();
    const text = `${SOURCE}; headcount; headcount acme-cli; headcount '' '' ''; headcount a b c d e f; echo $?`;
    expect(await script(text, { HOME: home.path })).toMatchObject({ code: 0, output: '0\n' });
    expect(filesOf(home)).toEqual([]);
  });
});

it('headcount.sh has at most 80 lines, none over 150 characters', () => {
  const lines = readFileSync(SH_FILE, 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(80);
  expect(lines.filter(({ length }) => length > 150)).toEqual([]);
});
