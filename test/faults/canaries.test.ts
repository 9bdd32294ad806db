import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { createTestApp, type TestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

/** What must not leave the machine. Each is a word that occurs nowhere else. */
const CANARIES = {
  user: 'ottokanaruser',
  host: 'ottokanarhost',
  folder: 'ottokanarfolder',
  remote: 'ottokanarremote',
  email: 'ottokanarmail',
  secret: 'ottokanarsecret0f7e6d5c4b3a29181726354453627180',
  argument: 'ottokanarargument',
  machine: '0ddba11c0ffee0ddba11c0ffee0ddba1',
  error: 'ottokanarerror',
} as const;

const SECRETS = Object.fromEntries(
  ['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'NPM_TOKEN', 'DATABASE_URL', 'MY_PASSWORD'].map(
    (name) => [name, CANARIES.secret],
  ),
);

/**
 * An author who does everything wrong: declares words that are made at run time, and reports all
 * that a program can find out about where it runs.
 */
const APP = `
  import os from 'node:os';
  import process from 'node:process';
  import { readFileSync } from 'node:fs';
  import { createHeadcount, field } from 'headcount';
  const remote = /url = (.*)/.exec(readFileSync('.git/config', 'utf8'))[1];
  const email = /email = (.*)/.exec(readFileSync('.git/config', 'utf8'))[1];
  const personal = [
    os.hostname(), os.userInfo().username, os.homedir(), process.cwd(), process.argv[1],
    process.env.GITHUB_TOKEN, remote, email, 'Bearer ' + process.env.NPM_TOKEN,
    'by ' + os.userInfo().username + ' on ' + os.hostname(), encodeURIComponent(process.cwd()),
    Buffer.from(process.cwd()).toString('base64'),
  ];
  const headcount = createHeadcount({
    endpoint: process.env.ENDPOINT,
    events: {
      leak: { description: 'A leak.', fields: {
        declared: personal.map((text) => text.slice(0, 64)),
        word: ['ok'], number: field.bucket(10), version: field.semver(), count: field.count({ max: 3 }),
      } },
      timed: { description: 'One that fails.', timed: true },
    },
  });
  headcount.track();
  for (const text of personal) {
    headcount.track('leak', { declared: text.slice(0, 64) });
    headcount.track('leak', { word: text, number: text, version: text, count: text, [text]: text });
    headcount.track('leak', { version: '1.2.3-' + text, word: { toString: () => text } });
    headcount.track('leak', text);
    headcount.track(text);
    headcount.track({ toString: () => text, [text]: text });
  }
  try {
    headcount.time('timed', () => { throw new Error('${CANARIES.error} ' + process.cwd()); });
  } catch {}
  await headcount.time('timed', () => Promise.reject(new Error('${CANARIES.error}'))).catch(() => {});
  const { sent } = await headcount.close();
  console.log(JSON.stringify({ sent, ...headcount.status() }));
`;

function createApp(): TestApp {
  const root = tempFolder('canary');
  const home = join(root, CANARIES.user);
  mkdirSync(home);
  return createTestApp(
    {
      'package.json': {
        name: 'acme-cli',
        version: '2.3.1',
        author: `Otto <${CANARIES.email}@acme.dev>`,
        repository: `https://github.com/${CANARIES.remote}/cli`,
      },
      'cli.mjs': APP,
      '.git/config': `[remote "origin"]\n\turl = git@github.com:${CANARIES.remote}/cli.git\n[user]\n\temail = ${CANARIES.email}@acme.dev\n`,
    },
    { folder: join(root, CANARIES.folder, 'app'), home },
  );
}

/** Runs the app on a machine, and as a user, that have canaries for names. */
async function run(app: TestApp, endpoint: string): Promise<Record<string, unknown>> {
  const files = tempFolder('system');
  const { username } = userInfo();
  const passwd = readFileSync('/etc/passwd', 'utf8');
  writeFileSync(join(files, 'passwd'), passwd.replace(`${username}:`, `${CANARIES.user}:`));
  writeFileSync(join(files, 'machine-id'), `${CANARIES.machine}\n`);
  const binds = ['passwd', 'machine-id']
    .filter((name) => existsSync(`/etc/${name}`))
    .map((name) => `mount --bind ${files}/${name} /etc/${name}`);
  const setUp = [`hostname ${CANARIES.host}`, ...binds, 'exec "$@"'].join(' && ');
  const { code, stdout, stderr } = await app.run('cli.mjs', {
    env: { ...SECRETS, ENDPOINT: endpoint, USER: CANARIES.user, LOGNAME: CANARIES.user },
    args: [CANARIES.argument],
    wrapper: ['unshare', '--uts', '--mount', 'sh', '-c', setUp, 'sh'],
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** A canary as it is, and in the forms in which it could hide. */
const FORMS = Object.values(CANARIES).flatMap((canary) => {
  const hash = (name: string): string => createHash(name).update(canary).digest('hex');
  const bytes = Buffer.from(canary);
  return [canary, bytes.toString('hex'), hash('sha256'), hash('md5'), hash('sha1')];
});

/** Which of the canaries are in there, whatever its letters' case; base64 is taken off first. */
function canariesIn(text: string): string[] {
  const decoded = [...text.matchAll(/[\w+/-]{12,}={0,2}/g)].flatMap(([token]) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(token.slice(skip), 'base64').toString('latin1')),
  );
  const all = [text, ...decoded, decodeSafely(text)].join('\n').toLowerCase();
  return FORMS.filter((form) => all.includes(form));
}

function decodeSafely(text: string): string {
  return text.replace(/%[\da-f]{2}/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)));
}

/** Every file below a folder: its name from there on, and what is in it. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${path.slice(folder.length)}\n${readFileSync(path, 'latin1')}`;
    });
}

describe('what would tell who and where somebody is', () => {
  it('would be found by this test', () => {
    expect(canariesIn(`a ${CANARIES.host.toUpperCase()} b`)).toEqual([CANARIES.host]);
    const packed = Buffer.from(`xx${CANARIES.folder}`).toString('base64');
    expect(canariesIn(`{"a":"${packed}"}`)).toEqual([CANARIES.folder]);
  });

  it('is neither on the wire nor in a file of ours', async () => {
    const recorder = await startHttpRecorder();
    onTestFinished(() => recorder.close());
    const app = createApp();
    const status = await run(app, recorder.address);
    await eventually(() => recorder.reports().length > 30, 'the reports');
    expect(recorder.requests.flatMap((request) => canariesIn(JSON.stringify(request)))).toEqual([]);
    expect(filesBelow(app.home).flatMap(canariesIn)).toEqual([]);
    expect(status['sanitized']).toMatchObject({
      user: 2,
      host: 1,
      path: expect.any(Number) as number,
    });
    expect(status['droppedFields']).toMatchObject({ 'undeclared-field': 12 });
    expect(status['dropped']).toEqual({ 'undeclared-event': 24 });
    const values = recorder.reports().flatMap(({ fields = {} }) => Object.values(fields));
    expect(new Set(values)).toEqual(
      new Set(['<user>', '<host>', '<path>', '<secret>', '<url>', '<email>', 'error', '<10']),
    );
  });

  it('is neither in a file that waits', async () => {
    const app = createApp();
    await run(app, 'http://127.0.0.1:9');
    const files = filesBelow(app.home);
    expect(files.join('').split('"event":"leak"').length).toBeGreaterThan(30);
    expect(files.flatMap(canariesIn)).toEqual([]);
  });

  it('is neither in the collector’s database, journal and logs', async () => {
    const data = join(tempFolder('data'), 'collector');
    const collector = await startCollector({ data, args: ['--log-level', 'debug'] });
    const app = createApp();
    const { sent } = await run(app, collector.address);
    expect(sent).toBeGreaterThan(30);
    await eventually(
      async () => (await collector.stats('acme-cli')).total_reports === sent,
      'the counts',
    );
    const file = join(app.home, '.config/headcount/acme-cli/anonymous-id');
    const [id = ''] = /^[\da-f]{16}/.exec(readFileSync(file, 'utf8')) ?? [];
    expect(id).not.toBe('');
    expect(filesBelow(data).flatMap(canariesIn)).toEqual([]);
    await collector.stop();
    expect(filesBelow(data).flatMap(canariesIn)).toEqual([]);
    expect(canariesIn(collector.output())).toEqual([]);
    // Nor the ID itself: who gets hold of the collector's files finds nobody by it.
    expect(filesBelow(data).filter((file) => file.includes(id))).toEqual([]);
  });
});
