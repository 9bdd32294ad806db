import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { ask } from '../support/ask-counts.js';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { temporarySchema } from './support/temporary-schema.js';

const undo: (() => void | Promise<void>)[] = [];
const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);

let store: string;
const folders = [temporaryFolder(atEnd), temporaryFolder(atEnd)] as const;
let nodes: [CollectorProcess, CollectorProcess];

const start = (data: string): Promise<CollectorProcess> =>
  startProcess(
    ['--port', '0', '--log-level', 'error', '--data', data],
    { HEADCOUNT_STORE: store },
    { atEnd },
  );

beforeAll(async () => {
  store = await temporarySchema(atEnd);
  const first = await start(folders[0]);
  await first.url();
  copyFileSync(join(folders[0], 'pepper'), join(folders[1], 'pepper'));
  nodes = [first, await start(folders[1])];
  await nodes[1].url();
});

afterAll(async () => {
  for (const step of undo) await step();
});

const urls = (): Promise<readonly string[]> => Promise.all(nodes.map((node) => node.url()));

const PROJECT = 'acme-cli';

/** Erasures that a collector has confirmed when it is killed, with others under way. */
const KILLED_AFTER = 3;

const aboutUser = (url: string, user: string): string =>
  `${url}/v1/users/${user}?project=${PROJECT}`;

/** What a collector holds of a person. */
async function recordOf(url: string, user: string) {
  const response = await fetch(aboutUser(url, user), { headers: withToken() });
  expect(response.status).toBe(200);
  return (await response.json()) as { total_reports: number; deleted_at: string | null };
}

/** Asks for the erasure of a person; `undefined` where there is no answer. */
async function erase(url: string, user: string): Promise<number | undefined> {
  try {
    const method = 'DELETE';
    const response = await fetch(aboutUser(url, user), { method, headers: withToken() });
    return response.status;
  } catch {
    return undefined;
  }
}

const reportOf = (user: string) => fullReport({ anonymous_id: user, project: PROJECT });

describe('collectors that share a store', () => {
  it('count a report once that comes to both at the same moment', async () => {
    const all = await urls();
    const [url = ''] = all;
    const reports = Array.from({ length: 60 }, (_, n) => reportOf(`twice-${n}`));
    for (let from = 0; from < reports.length; from += 10) {
      const some = reports.slice(from, from + 10);
      const sent = some.flatMap((report) => all.map((one) => post(`${one}/v1/reports`, report)));
      expect(new Set(await Promise.all(sent))).toEqual(new Set([202]));
    }
    for (const one of all) {
      await until('all of them are counted', async () => {
        const response = await fetch(`${one}/v1/stats/quality?project=${PROJECT}`, {
          headers: withToken(),
        });
        const { accepted, duplicates } = (await response.json()) as Record<string, number>;
        return accepted === reports.length && duplicates === reports.length;
      });
    }
    expect(await ask(url)).toEqual({ total_reports: reports.length, total_users: reports.length });
  });

  it('have erased whom they said so of, though killed at that moment, and others when asked again', async () => {
    const [here = '', other = ''] = await urls();
    const before = await ask(other);
    const people = Array.from({ length: 12 }, (_, n) => `gone-${n}`);
    const reports = people.map(reportOf);
    for (const report of reports) expect(await post(`${here}/v1/reports`, report)).toBe(202);
    await until('they are counted', async () => {
      return (await ask(other)).total_users === before.total_users + people.length;
    });
    const [node] = nodes;
    const erased = new Set<string>();
    const waiting = [...people];
    const eraseNext = async (): Promise<void> => {
      for (let user = waiting.pop(); user !== undefined; user = waiting.pop()) {
        const status = await erase(here, user);
        if (status === undefined) return;
        expect(status).toBe(202);
        erased.add(user);
        if (erased.size >= KILLED_AFTER) node.child.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: 4 }, eraseNext));
    expect(await node.ended).toBe('SIGKILL');
    expect(erased.size).toBeGreaterThanOrEqual(KILLED_AFTER);
    nodes[0] = await start(folders[0]);
    const [again = ''] = await urls();
    const isGone = async (user: string): Promise<boolean> => {
      const records = await Promise.all([other, again].map((one) => recordOf(one, user)));
      return records.every((record) => record.total_reports === 0 && record.deleted_at !== null);
    };
    for (const user of erased) await until('the person is gone', () => isGone(user));
    const left = people.filter((user) => !erased.has(user));
    for (const user of left) expect(await erase(other, user)).toBe(202);
    for (const user of left) await until('the person is gone', () => isGone(user));
    // What comes late from before, by either way, brings nobody back.
    for (const report of reports) {
      for (const one of [again, other]) expect(await post(`${one}/v1/reports`, report)).toBe(202);
    }
    for (const one of [again, other]) {
      expect((await ask(one)).total_users).toBe(before.total_users);
    }
    for (const user of people) expect(await isGone(user)).toBe(true);
  }, 120_000);
});
