import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { post } from '../support/load.js';
import { bearer, fullReport, ownerOf, PROOF } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const NEIGHBOUR = { uid: 1001, gid: 1001 };
const FOREIGN_PROOF = 'b2'.repeat(32);

/** Sends requests one by one, and prints their statuses and bodies. */
const CODE = `
  const answers = [];
  for (const [method, url, headers, body] of JSON.parse(process.argv[1])) {
    const answer = await fetch(url, { method, headers, body });
    answers.push([answer.status, await answer.text()]);
  }
  console.log(JSON.stringify({ uid: process.getuid(), answers }));`;

it('another account of the machine that knows an ID can neither see nor delete its data', async () => {
  const args = ['--port', '0', '--log-level', 'trace', '--data', temporaryFolder()];
  const collector = await startProcess(args);
  const url = await collector.url();
  const reports = [fullReport(), fullReport({ project: 'other', owner: ownerOf(FOREIGN_PROOF) })];
  expect(await post(`${url}/v1/reports`, { reports })).toBe(202);

  const own = `${url}/v1/users/9f86d081884c7d65?project=acme-cli`;
  const json = { 'content-type': 'application/json' };
  const mine = fullReport({ owner: ownerOf(FOREIGN_PROOF) });
  const requests = [
    ['GET', own, {}],
    ['DELETE', own, {}],
    ['GET', own, bearer(FOREIGN_PROOF)],
    ['DELETE', own, bearer(FOREIGN_PROOF)],
    // The owner goes over the wire; it is no proof.
    ['GET', own, bearer(ownerOf(PROOF).repeat(2))],
    ['POST', `${url}/v1/reports`, json, JSON.stringify(mine)],
    ['GET', own, bearer(FOREIGN_PROOF)],
    ['DELETE', own, bearer(FOREIGN_PROOF)],
  ];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', CODE, JSON.stringify(requests)],
    { ...NEIGHBOUR, cwd: '/', env: { HOME: '/nonexistent' } },
  );
  const { uid, answers } = JSON.parse(stdout) as { uid: number; answers: [number, string][] };
  expect(uid).toBe(NEIGHBOUR.uid);
  expect(answers.map(([status]) => status)).toEqual([404, 404, 404, 404, 404, 202, 404, 404]);
  for (const [, text] of answers) expect(text).not.toContain('first_seen');

  const answer = await fetch(own, { headers: bearer() });
  expect(await answer.json()).toMatchObject({ total_reports: 2 });
  expect((await fetch(own, { headers: bearer(), method: 'DELETE' })).status).toBe(202);
  collector.child.kill('SIGTERM');
  expect(await collector.ended).toBe(0);
  for (const text of [collector.stdout(), collector.stderr()]) {
    for (const secret of [PROOF, FOREIGN_PROOF, ownerOf(PROOF), ownerOf(FOREIGN_PROOF)]) {
      expect(text).not.toContain(secret);
    }
  }
});
