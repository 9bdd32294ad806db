import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import type { TestCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import type { AtEnd } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { temporarySchema } from './support/temporary-schema.js';
import { startTwoNodes } from './support/two-nodes.js';

/** What a node knows before so long, it was told. */
const HOUR_MS = 60 * 60 * 1000;

const undo: (() => void | Promise<void>)[] = [];
const atEnd: AtEnd = (step) => void undo.unshift(step);
let store: string;
let nodes: readonly [TestCollector, TestCollector];

beforeAll(async () => {
  store = await temporarySchema(atEnd);
  // Its administrator's token is the one in the folder of the first.
  nodes = await startTwoNodes({ store, checkNodesEveryMs: HOUR_MS, adminToken: undefined }, atEnd);
});

afterAll(async () => {
  for (const step of undo) await step();
});

/** Runs `token …` on the folder of a node, as its administrator does. */
async function token(node: TestCollector, args: string, env: Record<string, string> = {}) {
  const { ended, stdout, stderr } = await startProcess(
    ['token', ...args.split(' '), '--data', node.data],
    { HEADCOUNT_STORE: store, HEADCOUNT_ADMIN_TOKEN: '', ...env },
  );
  return { code: await ended, stdout: stdout(), stderr: stderr() };
}

/** The level that each node gives the holder of a token. */
const levels = (secret: string): Promise<readonly unknown[]> =>
  Promise.all(
    nodes.map(async ({ app }) => {
      const answer = await app.inject({ url: '/v1/session', headers: withToken(secret) });
      return answer.statusCode === 200 ? answer.json<{ level: string }>().level : undefined;
    }),
  );

const untilBoth = (secret: string, level: string | undefined): Promise<void> =>
  until(`both nodes give it the level ${level}`, async () =>
    (await levels(secret)).every((given) => given === level),
  );

const readAdminToken = ({ data }: TestCollector): string =>
  readFileSync(join(data, 'admin-token'), 'utf8').trim();

it('token makes, rotates, lists and revokes tokens of all nodes while they run', async () => {
  const [here, there] = nodes;
  const made = await token(here, 'create --level developer --name ci --json');
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const { id, token: first } = JSON.parse(made.stdout) as { id: string; token: string };
  await untilBoth(first, 'developer');

  // On the folder of the other node, which holds none of the tokens.
  const second = (await token(there, `rotate ${id}`)).stdout.trim();
  await untilBoth(second, 'developer');
  await untilBoth(first, undefined);

  const list = await token(there, 'list');
  expect(list.stdout).toMatch(new RegExp(`^${id} +developer +all +valid .* ci$`, 'm'));
  expect(list.stdout).not.toContain(second);

  expect(await token(here, `revoke ${id}`)).toMatchObject({ code: 0 });
  await untilBoth(second, undefined);
  const audit = await here.get('/v1/audit?limit=100', withToken(readAdminToken(here)));
  const entries = audit.body['entries'] as { action: string; target: string }[];
  expect(entries.filter(({ target }) => target === id).map(({ action }) => action)).toEqual([
    ...['token revoke', 'token rotate', 'token create'],
  ]);
});

it("token rotate replaces the first administrator's token, on whichever folder", async () => {
  const [here, there] = nodes;
  const before = readAdminToken(here);
  await untilBoth(before, 'administrator');
  expect(existsSync(join(there.data, 'admin-token'))).toBe(false);
  const { code, stdout } = await token(there, 'rotate');
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining(join(there.data, 'admin-token')) as unknown,
  });
  const after = readAdminToken(there);
  await untilBoth(after, 'administrator');
  await untilBoth(before, undefined);
});

it('token makes nothing where the store is away, and says so', async () => {
  const [here] = nodes;
  const away = store.replace(/:\d+\//, ':1/');
  const { code, stdout, stderr } = await token(here, 'create --level developer', {
    HEADCOUNT_STORE: away,
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^headcount-collector: The store cannot be used: nothing answers/);
});

it('token shows no part of a password that is not encoded', async () => {
  const { code, stderr } = await token(nodes[0], 'list', {
    HEADCOUNT_STORE: 'postgres://app:12/secret@127.0.0.1/db',
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^headcount-collector: (?!.*secret).*percent-encoded/s);
});
