import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startRecorder } from '../support/http-recorder.js';
import { startBlackHole } from './black-hole.js';
import { CLIENTS } from './build-clients.js';
import { type Home, makeHome, markerOf } from './home.js';
import { clients, runProgram, SH_FILE } from './run-client.js';

const QUIET = { code: 0, output: '' };

function newHome(): Home {
  const home = makeHome();
  onTestFinished(() => home.remove());
  return home;
}

const programs = clients().filter(({ name }) => !name.startsWith('sh '));

describe.each(programs)('$name', ({ command }) => {
  const report = (endpoint: string, HOME: string) =>
    runProgram([...command, 'acme-cli', '2.3.1', endpoint], { HOME });

  it.each(['', 'home', SH_FILE, '/proc', '/nowhere'])('is silent with %j as home', async (path) => {
    const recorder = await startRecorder();
    expect(await report(recorder.address, path)).toMatchObject(QUIET);
    expect(recorder.requests).toEqual([]);
  });

  it('writes nothing in a home of somebody else', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    chownSync(home.path, 65_534, 65_534);
    expect(await report(recorder.address, home.path)).toMatchObject(QUIET);
    expect(readdirSync(home.path)).toEqual([]);
    expect(recorder.requests).toEqual([]);
  });

  it('waits 3 seconds for a collector that never answers, and keeps the report', async () => {
    const [address, home] = [await startBlackHole(), newHome()];
    const { code, output, allMs } = await report(address, home.path);
    expect({ code, output }).toEqual(QUIET);
    expect(allMs).toBeGreaterThan(2_500);
    expect(allMs).toBeLessThan(15_000);
    expect(home.read(markerOf())).toContain('"report_id"');
  });

  it.each([
    ['in a new home', {}],
    ['after a day', { wait: '1700000000', [markerOf(-1)]: '' }],
  ])('makes one request if twelve start at once %s', async (_when, state) => {
    const [recorder, home] = [await startRecorder(), newHome()];
    for (const [name, text] of Object.entries(state)) home.write(name, text);
    await Promise.all(Array.from({ length: 12 }, () => report(recorder.address, home.path)));
    expect(recorder.requests).toHaveLength(1);
    expect(home.read('anonymous-id')).toBe(`${recorder.reports()[0]?.anonymous_id} time`);
    expect(home.read(markerOf())).toBe('');
  });

  it('makes one request if twelve find a report that waits', async () => {
    const home = newHome();
    const recorder = await startRecorder((_request, count) => ({
      status: count === 1 ? 503 : 202,
    }));
    await report(recorder.address, home.path);
    home.write('wait', '1700000000'); // ten minutes later
    await Promise.all(Array.from({ length: 12 }, () => report(recorder.address, home.path)));
    expect(recorder.requests).toHaveLength(2);
    expect(home.read(markerOf())).toBe('');
  });
});

it('Python does not end later because of what its thread waits for', async () => {
  const [address, home] = [await startBlackHole(), newHome()];
  const text = `import headcount; headcount.start("acme-cli", "2.3.1", "${address}")`;
  const env = {
    HOME: home.path,
    PYTHONPATH: join(CLIENTS, 'python'),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const { code, output, allMs } = await runProgram(['/usr/bin/python3', '-c', text], env);
  expect({ code, output }).toEqual(QUIET);
  expect(allMs).toBeLessThan(2_500);
});

it('Python 3.8 can read its client', async () => {
  const text = `import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 8))`;
  const file = join(CLIENTS, 'python', 'headcount.py');
  expect(await runProgram(['/usr/bin/python3', '-c', text, file], {})).toMatchObject(QUIET);
});
