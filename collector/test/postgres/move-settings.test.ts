import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { signIn } from '../support/browser.js';
import { reportVisits, type Visit } from '../support/report-visits.js';
import { fullReport } from '../support/reports.js';
import { changeProject } from '../support/shown-project.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { run } from './support/run.js';
import { killAt, moved, succeed } from './support/run-move.js';
import { temporarySchema } from './support/temporary-schema.js';

const PROJECT = '/v1/projects/acme-cli';
const SHOWN = '/v1/stats/breakdown?project=acme-cli&dimension=version';

const visits = (people: number, version: string): Visit[] =>
  Array.from({ length: people }, (_, n) => ({
    ...{ user: `${version}-${n}`, at: '2026-11-21', version },
  }));

const start = (data: string, store?: string): Promise<TestCollector> =>
  startCollector({ data, visibility: 'detailed', ...(store !== undefined && { store }) });

const makeToken = async (collector: TestCollector, name: string) => {
  const { body } = await collector.post('/v1/tokens', { level: 'developer', name }, withToken());
  return body as { readonly id: string; readonly token: string };
};

const put = async ({ app }: TestCollector, url: string, payload: object): Promise<void> => {
  const answer = await app.inject({ method: 'PUT', url, payload, headers: withToken() });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
};

/** All that a collector tells of what is set, was done and shown. */
async function toldBy(collector: TestCollector) {
  const ask = async (url: string) => (await collector.get(url, withToken())).body;
  const { rows } = (await collector.stranger(SHOWN)).body;
  return {
    ...{ rows, tokens: await ask('/v1/tokens'), project: await ask(PROJECT) },
    ...{ notes: await ask(`${PROJECT}/annotations`), manifest: await ask(`${PROJECT}/manifest`) },
    audit: (await ask('/v1/audit?limit=1000'))['entries'] as object[],
  };
}

const secondFolder = (first: string): string => {
  const data = temporaryFolder();
  copyFileSync(join(first, 'pepper'), join(data, 'pepper'));
  return data;
};

describe('what is set', () => {
  it('comes back from the store as it was changed there, killed on the way', async () => {
    const store = await temporarySchema();
    const data = temporaryFolder();
    const alone = await start(data);
    await put(alone, PROJECT, { status: 'open' });
    await reportVisits(alone, [...visits(40, '1.0.0'), ...visits(30, '2.0.0')]);
    const shown = (await alone.stranger(SHOWN)).body['rows'];
    const revoked = await makeToken(alone, 'revoked');
    await alone.close();
    await succeed(data, store);

    // The first collector on the store comes from another folder.
    const other = secondFolder(data);
    copyFileSync(join(data, 'projects.json'), join(other, 'projects.json'));
    const there = await start(other, store);
    const here = await start(data, store);
    expect(there.log()).toMatch(/projects\.json"\].*these are not used/);
    expect(here.log()).not.toContain('these are not used');
    expect((await there.delete(`/v1/tokens/${revoked.id}`, withToken())).status).toBe(204);
    await reportVisits(here, visits(1, '2.0.0'));
    expect((await here.stranger(SHOWN)).body['rows']).toEqual(shown);
    const kept = await makeToken(there, 'kept \u{1F511}');
    const { cookie } = await signIn(there, kept.token);
    const manifest = { manifest_version: 1, project: 'acme-cli', report: {}, events: {} };
    await put(there, `${PROJECT}/manifest`, manifest);
    const note = { date: '2026-11-20', text: 'moved' };
    expect((await there.post(`${PROJECT}/annotations`, note, withToken())).status).toBe(201);
    await changeProject(there, { status: 'closed' });
    const before = await toldBy(there);
    await here.close();
    await there.close();

    for (const step of ['settings', 'putting in place']) {
      await killAt(step, data, store, '--from');
      await expect(start(data)).rejects.toThrow();
    }
    expect(await succeed(data, store, '--from')).toMatch(
      /^Settings compared and equal: \d+ tokens, 1 sessions, 1 projects, 1 manifests, /m,
    );
    const names = readdirSync(data);
    expect(names).not.toContain('in-store');
    expect(names.filter((name) => name.includes('moving'))).toEqual([]);
    for (const old of ['counts.db', 'tokens.json', 'projects.json', 'audit.ndjson']) {
      expect(names.filter((name) => name.startsWith(`${old}.moved-`))).not.toEqual([]);
    }

    const after = await start(data);
    const told = await toldBy(after);
    const move = { action: 'move', target: 'from a store' };
    expect(told).toEqual({
      ...before,
      audit: [expect.objectContaining(move), ...before.audit],
    });
    expect(told.rows).toEqual(shown);
    expect((await after.get('/v1/session', withToken(revoked.token))).status).toBe(401);
    expect((await after.get('/v1/session', { cookie })).body).toMatchObject({ level: 'developer' });
    const refused = await after.post('/v1/reports', { reports: [fullReport()] });
    expect(refused.body).toMatchObject({ code: 'project_closed' });

    await expect(start(other, store)).rejects.toThrow(/moved to .*counts\.db/);
    const list = await startProcess(['token', 'list', '--data', other], { HEADCOUNT_STORE: store });
    expect(await list.ended).not.toBe(0);
    expect(list.stderr()).toMatch(/moved to .*counts\.db/);
  }, 180_000);

  it('goes to the store and back with the counts, also where no collector has used the store', async () => {
    const store = await temporarySchema();
    const data = temporaryFolder();
    const first = await start(data);
    await put(first, PROJECT, { status: 'closed' });
    await first.close();
    const settings = readFileSync(join(data, 'projects.json'), 'utf8');
    expect(await succeed(data, store)).toMatch(/^Settings compared and equal: .* 1 projects/m);
    expect(readdirSync(data)).toContain('in-store');
    expect(await succeed(data, store, '--from')).toContain('Settings compared and equal');
    expect(readdirSync(data)).not.toContain('in-store');
    expect(readFileSync(join(data, 'projects.json'), 'utf8')).toBe(settings);
  });

  it('that a store refuses is given to it by the next run, and until then the folder is as it was', async () => {
    const store = await temporarySchema();
    const data = temporaryFolder();
    const first = await start(data);
    const manifest = { manifest_version: 1, project: 'acme-cli', report: {}, events: {} };
    await put(first, `${PROJECT}/manifest`, manifest);
    await put(first, PROJECT, { status: 'closed' });
    const before = await toldBy(first);
    await first.close();
    await killAt('comparing projects', data, store);
    await run(store, 'ALTER TABLE shared_documents ADD CONSTRAINT strict CHECK (false)');
    const { code, stderr } = await moved(data, store);
    expect(code).toBe(1);
    expect(stderr).toMatch(/shared_documents.*Drop that check\. Then run this again\./);
    expect(stderr).not.toMatch(/delete that row/i);
    const still = await start(data);
    expect(await toldBy(still)).toEqual(before);
    await still.close();

    // The next run comes as far as the mark of the store, which it cannot remove.
    await run(store, 'ALTER TABLE shared_documents DROP CONSTRAINT strict');
    await run(store, 'CREATE RULE held AS ON DELETE TO about DO INSTEAD SELECT 1 / 0');
    expect((await moved(data, store)).stderr).toContain('division by zero');
    await expect(start(data)).rejects.toThrow(/moved to/);
    await run(store, 'DROP RULE held ON about');
    await succeed(data, store);
    const there = await start(data, store);
    const move = { action: 'move', target: 'to a store' };
    expect(await toldBy(there)).toEqual({
      ...before,
      audit: [expect.objectContaining(move), ...before.audit],
    });
  });
});
