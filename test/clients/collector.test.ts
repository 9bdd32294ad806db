import { createHmac } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type RunningCollector, startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { startRecorder } from '../support/http-recorder.js';
import { createTestApp } from '../support/run-app.js';
import { CLIENTS } from './build-clients.js';
import { type Home, makeHome, markerOf } from './home.js';
import { clients, runProgram, SHELLS } from './run-client.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const DOCS = fileURLToPath(new URL('../../docs/clients.md', import.meta.url));

let collector: RunningCollector;
const ends: (() => Promise<void> | void)[] = [];

/** One collector for all: each test has projects of its own. */
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

let projects = 0;
function newProject(): { project: string; home: Home } {
  const project = `acme-app-${(projects += 1)}`;
  const home = makeHome(project);
  onTestFinished(() => home.remove());
  return { project, home };
}

async function counted(project: string): Promise<{ people: number; reports: number }> {
  const { total_users: people, total_reports: reports } = await collector.stats(project);
  return { people, reports };
}

const headcount = (args: string, home: Home, env: Record<string, string> = {}) =>
  runProgram([process.execPath, BIN, ...args.split(' ')], { HOME: home.path, ...env });

/** The files that say where a program reports to. */
const recordsIn = (home: Home): string[] =>
  readdirSync(dirname(home.file('app.json'))).filter((name) =>
    /^(app\.json|collector\..*)$/.test(name),
  );

describe.each(clients())('$name, with a real collector', ({ command }) => {
  const report = (project: string, home: Home) =>
    runProgram([...command, project, '2.3.1', collector.address], { HOME: home.path });

  it('counts a person once', async () => {
    const { project, home } = newProject();
    for (let run = 0; run < 3; run += 1) {
      expect(await report(project, home)).toMatchObject({ code: 0, output: '' });
    }
    expect(await counted(project)).toEqual({ people: 1, reports: 1 });
  });

  it('has proof of its ID: the command of the Node.js client shows and deletes the data', async () => {
    const { project, home } = newProject();
    await report(project, home);
    const id = home.read('anonymous-id')?.slice(0, 16) ?? '';
    const proof = createHmac('sha256', Buffer.from(home.read('owner-secret') ?? '', 'hex'))
      .update(`${collector.address}\n${project}`)
      .digest('hex');
    const url = `${collector.address}/v1/users/${id}?project=${project}`;
    const asOwner = { headers: { authorization: `Bearer ${proof}` } };
    expect((await fetch(url, asOwner)).status).toBe(200);

    const exported = await headcount(`export --project ${project} --json`, home);
    expect(exported.output).toContain(id);
    expect(exported.code).toBe(0);
    const forgotten = await headcount(`forget --project ${project}`, home);
    expect({ code: forgotten.code, output: forgotten.output }).toMatchObject({ code: 0 });
    expect((await fetch(url, asOwner)).status).toBe(404);

    await report(project, home);
    expect(home.read('anonymous-id')).not.toContain(id);
    expect(await counted(project)).toMatchObject({ people: 1 });
  });

  it('keeps the proof of its ID while nothing tells which collector has the data', async () => {
    const { project, home } = newProject();
    await report(project, home);
    for (const name of recordsIn(home)) rmSync(home.file(name));
    const secret = home.read('owner-secret');
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    for (const word of ['export', 'forget']) {
      const refused = await headcount(`${word} --project ${project}`, home);
      expect(refused.output).toContain('name it with `--endpoint`');
      expect(refused.code).toBe(1);
      expect(home.read('owner-secret')).toBe(secret);
    }
    const there = `--project ${project} --endpoint ${collector.address}`;
    expect((await headcount(`export ${there}`, home)).code).toBe(0);
    expect((await headcount(`forget ${there}`, home)).code).toBe(0);
    expect(home.read('owner-secret')).toBe(undefined);
    expect(await counted(project)).toMatchObject({ people: 0 });
  });

  it('keeps it also while a variable names another collector, which has nothing of this ID', async () => {
    const { project, home } = newProject();
    await report(project, home);
    for (const name of recordsIn(home)) rmSync(home.file(name));
    const id = home.read('anonymous-id');
    const env = { HEADCOUNT_ENDPOINT: 'http://127.0.0.1:9' };
    const refused = await headcount(`forget --project ${project}`, home, env);
    expect(refused.output).toContain('name it with `--endpoint`');
    expect(refused.code).toBe(1);
    expect(home.read('anonymous-id')).toBe(id);
    expect(await counted(project)).toMatchObject({ people: 1 });
  });

  it('is deleted at each collector that it has reported to, whatever its record says', async () => {
    const { project, home } = newProject();
    const other = await startRecorder(({ method }) =>
      method === 'DELETE' ? { status: 404, body: '{"code":"unknown_user"}' } : {},
    );
    // As a full client without an endpoint leaves it.
    home.write('app.json', JSON.stringify({ project, version: '2.0.0', mode: 'on', events: '' }));
    await report(project, home);
    rmSync(home.file(markerOf())); // on another day
    rmSync(home.file('wait'));
    await runProgram([...command, project, '2.4.0', other.address], { HOME: home.path });
    expect(other.reports()).toHaveLength(1);
    const { code, output } = await headcount(`forget --project ${project}`, home);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(other.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
    expect(await counted(project)).toMatchObject({ people: 0 });
    expect(recordsIn(home)).toEqual(['app.json']);
    expect(home.read('owner-secret')).toBe(undefined);
  });

  it('is silent after `headcount off`', async () => {
    const { project, home } = newProject();
    await report(project, home);
    expect((await headcount(`off --project ${project}`, home)).code).toBe(0);
    await report(project, home);
    expect(await counted(project)).toEqual({ people: 1, reports: 1 });
  });

  it('has the ID of a program for Node.js of the same project', async () => {
    const { project, home } = newProject();
    const app = createTestApp(
      {
        'package.json': {
          name: project,
          version: '2.3.1',
          headcount: { endpoint: collector.address },
        },
        'cli.mjs': `import { track } from 'headcount'; track();`,
      },
      { home: home.path },
    );
    await app.run('cli.mjs');
    await eventually(
      async () => (await counted(project)).people === 1,
      'the program to be counted',
    );
    expect(await report(project, home)).toMatchObject({ code: 0, output: '' });
    expect(await counted(project)).toEqual({ people: 1, reports: 2 });
  });
});

it('headcount show prints the report that a client in another language keeps', async () => {
  const { project, home } = newProject();
  home.write(markerOf(), '{"report_id":"019ac9a4-7d3b-754a-af94-b9de03284d72"}');
  const { code, output } = await headcount(`show --project ${project}`, home);
  expect(code).toBe(0);
  expect(output).toContain(home.file(markerOf()));
  expect(output).toContain('{"report_id":"019ac9a4-7d3b-754a-af94-b9de03284d72"}');
});

describe.each(Object.entries(SHELLS))('the bare line in %s', (_, shell) => {
  const line = (project: string): string => {
    const found = readFileSync(DOCS, 'utf8')
      .split('\n')
      .find((each) => each.startsWith('[ "${DO_NOT_TRACK-}" ]'));
    return (found ?? '')
      .replace('https://stats.acme.dev', collector.address)
      .replace('acme-cli', project);
  };

  it('is counted', async () => {
    const { project, home } = newProject();
    const script = `set -eu; ${line(project)}; echo on`;
    expect(await runProgram([...shell, script], { HOME: home.path })).toMatchObject({
      ...{ code: 0, output: 'on\n' },
    });
    expect(await counted(project)).toEqual({ people: 1, reports: 1 });
  });

  it('obeys DO_NOT_TRACK, and never fails', async () => {
    const { project, home } = newProject();
    const script = `set -eu; ${line(project)}; echo on`;
    const env = { HOME: home.path, DO_NOT_TRACK: '1' };
    expect(await runProgram([...shell, script], env)).toMatchObject({ code: 0, output: 'on\n' });
    const nobody = script.replace(collector.address, 'http://127.0.0.1:9');
    expect(await runProgram([...shell, nobody], { HOME: home.path })).toMatchObject({ code: 0 });
    expect(await counted(project)).toEqual({ people: 0, reports: 0 });
  });
});

describe('a Python program of the first generation', () => {
  const program = (text: string, { project, home }: ReturnType<typeof newProject>) => {
    const source = readFileSync(join(CLIENTS, 'python', 'headcount.py'), 'utf8')
      .replace('PROJECT = ""', `PROJECT = ${JSON.stringify(project)}`)
      .replace('ENDPOINT = ""', `ENDPOINT = ${JSON.stringify(collector.address)}`);
    writeFileSync(join(home.path, 'headcount.py'), source);
    writeFileSync(join(home.path, 'Start.py'), text);
    return runProgram(['/usr/bin/python3', join(home.path, 'Start.py')], { HOME: home.path });
  };

  it('replaces one import', async () => {
    const one = newProject();
    const { code, output } = await program(
      `import asyncio
from headcount import report_user_count, get_anonymous_id

async def main():
    await report_user_count()
    print(get_anonymous_id())

asyncio.run(main())
`,
      one,
    );
    expect({ code, output }).toEqual({
      code: 0,
      output: `${one.home.read('anonymous-id')?.slice(0, 16)}\n`,
    });
    expect(await counted(one.project)).toEqual({ people: 1, reports: 1 });
  });

  it('reports in the background while it runs', async () => {
    const one = newProject();
    const { code, output } = await program(
      `import sys, time, headcount
headcount.start(${JSON.stringify(one.project)}, "2.3.1", ${JSON.stringify(collector.address)})
import os, glob
until = time.time() + 20
path = os.path.expanduser("~/.local/share/headcount/*/day.*")
while time.time() < until and not any(os.path.getsize(each) == 0 for each in glob.glob(path)):
    time.sleep(0.05)
`,
      one,
    );
    expect({ code, output }).toEqual({ code: 0, output: '' });
    expect(await counted(one.project)).toEqual({ people: 1, reports: 1 });
  });
});
