import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { queueFolder } from '../support/outbox-files.js';
import { nameEndpoint } from '../support/name-endpoint.js';
import { receiptOf, recordOf } from '../support/receipt.js';
import { runNode } from '../support/run-app.js';
import { type AppPair, createAppPair, expectSameAsWithout } from '../support/same-as-without.js';

/** Nobody in /etc/passwd has this number: root, who runs the tests, may read everything. */
const UID = 54_321;
const wrapper = ['setpriv', `--reuid=${UID}`, `--regid=${UID}`, '--clear-groups', '--'];
const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const STATE = '.local/share/headcount/acme-cli';
const CONFIG = '.config/headcount/acme-cli';

const FILES = {
  'cli.mjs': TRACK_ONCE,
  'flush.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount(); headcount.track();
    const result = await headcount.flush({ timeoutMs: 8_000 });
    console.log(JSON.stringify({ ...result, mode: headcount.status().mode }));`,
  'killed.mjs': `import { track } from 'headcount';
    track(); process.kill(process.pid, 'SIGKILL');`,
};

/** An app that everybody may read, in a home of the user's own. */
function createPairOfUser(endpoint: string): AppPair {
  const pair = createAppPair(FILES);
  for (const app of [pair.real, pair.without]) nameEndpoint(app, endpoint);
  for (const { folder, home } of [pair.real, pair.without]) {
    chmodSync(dirname(folder), 0o755);
    chownSync(home, UID, UID);
  }
  return pair;
}

function everyFile(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true }).map(({ parentPath, name }) =>
    join(parentPath, name),
  );
}

/** Makes a file or folder root's own, whether it was there or not. */
function takeAway(path: string, kind: 'file' | 'folder'): void {
  if (!existsSync(path)) {
    if (kind === 'folder') mkdirSync(path, { recursive: true });
    else writeFileSync(path, '');
  }
  chownSync(path, 0, 0);
  chmodSync(path, kind === 'folder' ? 0o700 : 0o600);
}

describe('of what Headcount keeps, a part that its user may not read', () => {
  const parts: [string, 'file' | 'folder', boolean][] = [
    [`${CONFIG}/delivery`, 'file', true],
    [`${STATE}/lease.7`, 'file', true],
    [`${STATE}/lease.8`, 'folder', true],
    [`${STATE}/lease.seen`, 'file', true],
    [`${STATE}/last-exit-upload`, 'file', true],
    [`${STATE}/outbox/QUEUE/losses`, 'file', true],
    [`${STATE}/app.json`, 'file', true],
    [`${STATE}/last-request.json`, 'file', true],
    [`${STATE}/outbox/QUEUE/1795422490069-999999.aa-0000aa.1.ready`, 'file', true],
    [`${STATE}/outbox/QUEUE`, 'folder', true],
    [`${STATE}/outbox`, 'folder', true],
    [`${STATE}`, 'folder', true],
    [`${CONFIG}/anonymous-id`, 'file', true],
    [`${CONFIG}/owner-secret`, 'file', true],
    [`${CONFIG}/collectors`, 'file', true],
    [`${CONFIG}/deletions`, 'file', true],
    [`${CONFIG}/notice`, 'file', true],
    // Whoever cannot read what the user has chosen must not go on as if there was no choice.
    [`${CONFIG}/choice`, 'file', false],
    [CONFIG, 'folder', false],
    ['.config/headcount/_all/choice', 'file', false],
  ];

  it.each(parts)('%s (%s) harms nobody, and stops no other report', async (part, kind, isOn) => {
    const server = await startFaultServer();
    const options = { env: { HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0' }, wrapper };
    const pair = createPairOfUser(server.address);
    const { home } = pair.real;
    // Everything is there once, a report that waits too.
    await pair.real.run('flush.mjs', options);
    await pair.real.run('killed.mjs', options);
    expect(server.accepted()).toHaveLength(1);
    const queue = basename(queueFolder(home, server.address));
    const path = join(home, part.replace('QUEUE', queue));
    mkdirSync(dirname(path), { recursive: true });
    if (part.includes('_all')) chownSync(dirname(path), UID, UID);
    takeAway(path, kind);

    await expectSameAsWithout(pair, 'cli.mjs', options, 1);
    const before = server.accepted().length;
    const { code, stdout, stderr } = await pair.real.run('flush.mjs', options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { mode, sent } = JSON.parse(stdout) as { mode: string; sent: number };
    if (!isOn) {
      expect({ mode, sent }).toEqual({ mode: 'off', sent: 0 });
      expect(server.accepted()).toHaveLength(1);
      return;
    }
    expect(mode).toBe('on');
    await eventually(
      async () => {
        // A lease that does not say whose it is expires, by two looks.
        if (part.includes('lease')) await pair.real.run('cli.mjs', options);
        return server.accepted().length > before;
      },
      'a report after that',
      40_000,
    );
    const ids = server.accepted().map((report) => report.report_id);
    expect(new Set(ids).size).toBe(ids.length);
    // It is left as it was found, but for what is written anew all the time.
    if (!/lease|upload|delivery/.test(part)) expect(everyFile(home)).toContain(path);
  });
});

describe('the user’s command, where a folder of ours belongs to another user', () => {
  const command = (home: string, word: string) =>
    runNode(BIN, home, { args: [word, '--project', 'acme-cli'], wrapper });

  it.each(['.local/share/headcount', STATE, '.config/headcount', CONFIG, `${CONFIG}/anonymous-id`])(
    '%s: says what is wrong, and saves a choice where it can',
    async (part) => {
      const answers: Record<string, object> = { GET: recordOf(), DELETE: receiptOf() };
      const recorder = await startHttpRecorder(({ method }) =>
        answers[method] ? { status: 200, body: JSON.stringify(answers[method]) } : {},
      );
      onTestFinished(() => recorder.close());
      const pair = createPairOfUser(recorder.address);
      const { home } = pair.real;
      await pair.real.run('flush.mjs', { wrapper });
      takeAway(join(home, part), part.endsWith('id') ? 'file' : 'folder');
      const isConfig = part.startsWith('.config') && !part.endsWith('id');

      const doctor = await command(home, 'doctor');
      // A choice in an unreadable folder may be a no, and an unreadable record names no collector.
      expect(doctor.code).toBe(part.endsWith('id') ? 3 : 1);
      expect(doctor.stdout).toMatch(
        part.endsWith('id') ? /^PROBLEM {2}id/m : /^PROBLEM {2}folder .*\(EACCES\)/m,
      );
      expect(doctor.stdout).toMatch(/^ {20}Give your user the right/m);
      for (const word of ['status', 'show', 'export', 'forget', 'off', 'on']) {
        const { code, stdout, stderr } = await command(home, word);
        expect([word, code === 0 || code === 1]).toEqual([word, true]);
        expect(stdout + stderr).not.toMatch(/^ {4}at |node:/m);
        if (code === 1)
          expect([word, stderr]).toEqual([word, expect.stringMatching(/EACCES|cannot|could not/)]);
      }
      const off = await command(home, 'off');
      expect(off.code).toBe(isConfig ? 1 : 0);
      expect((await command(home, 'status')).stdout).toContain('acme-cli is off');
    },
  );
});
