import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitChildren } from '../support/exit-children.js';
import { startFaultServer } from '../support/fault-server.js';
import { nodeRelease } from '../support/fault-tools.js';
import { selfSigned } from '../support/self-signed.js';
import { asUserWithTasks, inTaskLimit, openToAll } from '../support/task-limit.js';
import { createAppPair } from '../support/same-as-without.js';
import { createTestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

/** Enough reports that a request is worth compressing; then the app's own use of libuv's pool. */
const server = (afterwards: string): string => `
  const { createHeadcount } = require('headcount');
  const headcount = createHeadcount();
  for (let count = 0; count < 8; count += 1) headcount.track();
  headcount.flush({ timeoutMs: 8_000 }).then(async () => { ${afterwards} console.log('done'); });`;
const FILES = {
  'server.cjs': server(''),
  'pool.cjs': server(`await require('node:fs').promises.readFile(__filename);`),
  'cli.cjs': `require('headcount').track(); console.log('done');`,
};
/** With fewer tasks, Node.js itself does not start. */
const LIMITS = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
const RELEASES = ['20.18', '22', '24'] as const;

describe.each(RELEASES)('a limit of tasks (Node.js %s)', (release) => {
  it.each(LIMITS)('of %d ends no program that runs without Headcount', async (tasks) => {
    const collector = await startFaultServer();
    const pair = createAppPair(FILES);
    const ends = async (app: typeof pair.real, script: string): Promise<unknown> => {
      const { code, signal, stdout } = await app.run(script, {
        node: nodeRelease(release),
        wrapper: inTaskLimit(tasks),
        env: { HEADCOUNT_ENDPOINT: collector.address },
      });
      return { code, signal, stdout };
    };
    for (const script of Object.keys(FILES)) {
      expect(await ends(pair.real, script)).toEqual(await ends(pair.without, script));
    }
    expect(exitChildren(pair.real.home)).toEqual([]);
    // Those of both servers, also of the one that its own use of the pool has ended.
    expect(collector.accepted().length).toBeGreaterThanOrEqual(16);
  });

  it('is no obstacle to TLS', async () => {
    const identity = selfSigned(tempFolder('tls'), 'localhost');
    const collector = await startFaultServer(undefined, () => identity);
    const app = createTestApp({
      'server.cjs': `const { createHeadcount } = require('headcount');
        const headcount = createHeadcount({ extraCa: process.env.CA });
        headcount.track();
        headcount.flush({ timeoutMs: 8_000 }).then(({ sent }) => console.log(sent));`,
    });
    const { code, stdout } = await app.run('server.cjs', {
      node: nodeRelease(release),
      wrapper: inTaskLimit(8),
      env: { HEADCOUNT_ENDPOINT: collector.address, CA: identity.cert },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1\n' });
  });
});

describe('a limit of tasks of a user', () => {
  it.each([8, 9, 10, 11, 12, 20])('of %d ends no program', async (tasks) => {
    const collector = await startFaultServer();
    const app = createTestApp(FILES);
    openToAll(app.home, app.folder, dirname(app.folder));
    const { code, signal, stdout } = await app.run('server.cjs', {
      wrapper: asUserWithTasks(40_000 + tasks, tasks),
      env: { HEADCOUNT_ENDPOINT: collector.address },
    });
    expect({ code, signal, stdout }).toEqual({ code: 0, signal: null, stdout: 'done\n' });
    expect(collector.accepted()).toHaveLength(8);
  });
});

describe('a limit of address space', () => {
  it.each(RELEASES)('that no thread fits into ends no program (Node.js %s)', async (release) => {
    const collector = await startFaultServer();
    const app = createTestApp(FILES);
    // In kB: Node.js starts, and V8 would end the process for want of room for a thread.
    const limits = { '20.18': 1_300_000, '22': 1_300_000, '24': 1_900_000 };
    const { code, signal } = await app.run('server.cjs', {
      node: nodeRelease(release),
      wrapper: ['sh', '-c', `ulimit -v ${limits[release]}; exec "$@"`, 'sh'],
      env: { HEADCOUNT_ENDPOINT: collector.address },
    });
    expect({ code, signal }).toEqual({ code: 0, signal: null });
  });
});
