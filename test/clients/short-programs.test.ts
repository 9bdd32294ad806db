import { copyFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';
import { type Answer, reportsIn, startRecorder } from '../support/http-recorder.js';
import { selfSigned } from '../support/self-signed.js';
import { tempFolder } from '../support/temp-folder.js';
import { CLIENTS } from './build-clients.js';
import { type Home, makeHome, markerOf } from './home.js';
import { runProgram } from './run-client.js';

const RUNS = 10;
const ANSWERS_AFTER_MS = 400;

/** Programs that are over at once, written as docs/clients.md shows it. */
const PROGRAMS: Readonly<Record<string, () => readonly string[]>> = {
  Python: () => {
    const folder = tempFolder('short');
    copyFileSync(join(CLIENTS, 'python', 'headcount.py'), join(folder, 'headcount.py'));
    const text = `import sys, headcount
headcount.start(*sys.argv[1:4])
print("Hello!")
`;
    writeFileSync(join(folder, 'short.py'), text);
    return ['/usr/bin/python3', '-X', 'dev', join(folder, 'short.py')];
  },
  Go: () => [join(inject('builtClients'), 'go-short')],
  Rust: () => [join(inject('builtClients'), 'rust-short')],
};

function newHome(): Home {
  const home = makeHome('acme-cli');
  onTestFinished(() => home.remove());
  return home;
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, ANSWERS_AFTER_MS));
const accept: Answer = async () => {
  await soon();
  return {};
};

/** A collector behind TLS that takes its time; its certificate is in the folder. */
async function startSlowTls(folder: string): Promise<{ address: string; count: () => number }> {
  let count = 0;
  const server: Server = createServer(selfSigned(folder), (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      count += reportsIn({ body }).length;
      response.setHeader('content-type', 'application/json');
      void soon().then(() => response.writeHead(202).end('{"accepted":1,"rejected":[]}'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // the cast: it listens on a port
  return { address: `https://localhost:${port}`, count: () => count };
}

const filesOf = (home: Home): string[] =>
  [home.file('anonymous-id'), home.file('app.json')].flatMap((file) => readdirSync(dirname(file)));

/** Runs it ten times, as a person might, and waits until its report is marked as delivered. */
async function runShort(command: readonly string[], env: Record<string, string>, home: Home) {
  for (let run = 0; run < RUNS; run += 1) {
    expect(await runProgram(command, env)).toMatchObject({ code: 0, output: 'Hello!\n' });
  }
  await eventually(() => home.read(markerOf()) === '', 'the answer to be noted');
  // Ten minutes later, as far as the files tell.
  home.write('wait', '1700000000');
  await runProgram(command, env);
  const names = filesOf(home).map((name) => name.replace(/^(collector)\.[0-9a-f]{16}$/, '$1'));
  const expected = ['anonymous-id', 'owner-secret', 'app.json', 'collector', markerOf(), 'wait'];
  expect(names.sort()).toEqual(expected.sort());
}

describe.each(Object.entries(PROGRAMS))('a short program in %s', (_language, commandOf) => {
  it('is counted once in ten runs', async () => {
    const [recorder, home] = [await startRecorder(accept), newHome()];
    const command = [...commandOf(), 'acme-cli', '2.3.1', recorder.address];
    await runShort(command, { HOME: home.path }, home);
    expect(recorder.reports()).toHaveLength(1);
  });

  it('is counted once in ten runs by a collector behind TLS', async () => {
    const [folder, home] = [tempFolder('tls'), newHome()];
    const { address, count } = await startSlowTls(folder);
    const certificate = join(folder, 'cert.pem');
    const env = { HOME: home.path, SSL_CERT_FILE: certificate, CURL_CA_BUNDLE: certificate };
    await runShort([...commandOf(), 'acme-cli', '2.3.1', address], env, home);
    expect(count()).toBe(1);
  });

  it('deletes what one left that was killed while it wrote', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    const names = ['app.json', 'wait', 'anonymous-id'].map((name) => `${name}.0123456789abcdef`);
    const fresh = 'owner-secret.0123456789abcdef';
    const [folder, config] = [dirname(home.file('wait')), dirname(home.file('anonymous-id'))];
    home.write('wait', '1700000000');
    home.write('anonymous-id', '0123456789abcdef time');
    writeFileSync(join(config, fresh), 'x');
    for (const name of names) {
      const file = join(name.startsWith('anonymous') ? config : folder, name);
      writeFileSync(file, 'x');
      utimesSync(file, 1_700_000_000, 1_700_000_000);
    }
    await runProgram([...commandOf(), 'acme-cli', '2.3.1', recorder.address], { HOME: home.path });
    await eventually(() => !filesOf(home).some((name) => names.includes(name)), 'the drafts to go');
    expect(filesOf(home)).toContain(fresh); // somebody may be writing it
  });

  it('starts nothing and sends nothing if a person said no', async () => {
    const [recorder, home] = [await startRecorder(), newHome()];
    const command = [...commandOf(), 'acme-cli', '2.3.1', recorder.address];
    const env = { HOME: home.path, DO_NOT_TRACK: '1' };
    expect(await runProgram(command, env)).toMatchObject({ code: 0, output: 'Hello!\n' });
    expect(home.isTouched()).toBe(false);
    expect(recorder.requests).toEqual([]);
  });
});

it('a short program in Python does not wait: it has ended before the collector answers', async () => {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const [home, recorder] = [
    newHome(),
    await startRecorder(async () => {
      await ended;
      return {};
    }),
  ];
  const command = [...(PROGRAMS['Python']?.() ?? []), 'acme-cli', '2.3.1', recorder.address];
  await runProgram(command, { HOME: home.path });
  end();
  await eventually(() => home.read(markerOf()) === '', 'the answer to be noted');
  expect(recorder.reports()).toHaveLength(1);
});
