import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { entry, folderWithEntries } from '../support/journal-entries.js';
import { bearer, firstGenerationReport, fullReport, ownerOf, PROOF } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const ID = '9f86d081884c7d65';
const OTHER_PROOF = 'b2'.repeat(32);
const TOKEN = 'the-administrator-of-tests';
const METHODS = ['GET', 'DELETE', 'HEAD'] as const;

const pathOf = (id = ID, project = 'acme-cli'): string =>
  `/v1/users/${encodeURIComponent(id)}?project=${encodeURIComponent(project)}`;

const signed = (proof: string, changes: Parameters<typeof fullReport>[0] = {}) =>
  fullReport({ owner: ownerOf(proof), ...changes });

/** A report as clients without a home folder send it. */
function unsigned(changes: Parameters<typeof fullReport>[0] = {}): object {
  const { owner, ...report } = fullReport(changes);
  expect(owner).toBeDefined();
  return report;
}

/** Each asks from an address of its own, so that none is over a limit. */
let address = 0;
const remoteAddress = (): string => `10.1.${(address >> 8) & 255}.${++address & 255}`;

async function ask(
  { app }: TestCollector,
  method: (typeof METHODS)[number],
  url: string,
  headers: InjectOptions['headers'] = {},
) {
  const answer = await app.inject({ method, url, headers, remoteAddress: remoteAddress() });
  const isJson = method !== 'HEAD' && String(answer.headers['content-type']).includes('json');
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    body: isJson ? answer.json<Record<string, unknown>>() : {},
  };
}

const statusOf = async (collector: TestCollector, url: string, proof: string): Promise<number> =>
  (await ask(collector, 'GET', url, bearer(proof))).status;

/** All that was sent, without what is random in every answer. */
function bytesOf({ status, headers, text, body }: Awaited<ReturnType<typeof ask>>): string {
  const id = String(headers['x-request-id']);
  if ('request_id' in body) expect(body['request_id']).toBe(id);
  const { date, ...rest } = headers;
  expect(Number.isNaN(Date.parse(String(date)))).toBe(false);
  return `${status} ${JSON.stringify(rest)} ${text}`.replaceAll(id, 'the request');
}

/** Keeps the counts from being written, as a full disk or a backup would. */
function stopCounting({ data }: TestCollector): () => void {
  const db = openWriter(join(data, 'counts.db'), { walPages: 1000 });
  onTestFinished(() => db.close());
  db.exec('BEGIN IMMEDIATE');
  return () => db.exec('ROLLBACK');
}

const shared = shareCollector();
let projects = 0;
/** A project of the test's own on the shared collector: each start of one costs half a second. */
const ownProject = (): string => `project-${++projects}`;

describe('the owner of an ID', () => {
  it('is the first that a report names; another is the same person, and proves nothing', async () => {
    const collector = shared();
    const project = ownProject();
    const path = pathOf(ID, project);
    await collector.post('/v1/reports', {
      reports: [signed(PROOF, { project }), signed(OTHER_PROOF, { project })],
    });
    await collector.post('/v1/reports', signed(OTHER_PROOF, { project }));
    expect((await collector.get(`/stats?project=${project}`)).body).toMatchObject({
      total_users: 1,
      total_reports: 3,
    });
    expect(await statusOf(collector, path, OTHER_PROOF)).toBe(404);
    expect((await ask(collector, 'DELETE', path, bearer(OTHER_PROOF))).status).toBe(404);
    const { status, body } = await ask(collector, 'GET', path, bearer(PROOF));
    expect([status, body['total_reports']]).toEqual([200, 3]);
  });

  it('is nobody while reports name none, and the first who is named later', async () => {
    const collector = shared();
    const project = ownProject();
    const path = pathOf(ID, project);
    await collector.post('/statistics', firstGenerationReport({ project, anonymous_id: ID }));
    await collector.post('/v1/reports', unsigned({ project }));
    expect(await statusOf(collector, path, PROOF)).toBe(404);
    await collector.post('/v1/reports', signed(OTHER_PROOF, { project }));
    await collector.post('/v1/reports', signed(PROOF, { project }));
    expect(await statusOf(collector, path, PROOF)).toBe(404);
    const { body } = await ask(collector, 'GET', path, bearer(OTHER_PROOF));
    expect(body).toMatchObject({ total_reports: 4 });
  });

  it('may be named by a report of the first generation too', async () => {
    const collector = shared();
    const project = ownProject();
    const path = pathOf(ID, project);
    const owner = ownerOf(PROOF);
    await collector.post(
      '/statistics',
      firstGenerationReport({ project, anonymous_id: ID, owner }),
    );
    expect(await statusOf(collector, path, PROOF)).toBe(200);
  });

  it.each([
    ['in capitals', ownerOf(PROOF).toUpperCase()],
    ['too short', ownerOf(PROOF).slice(1)],
    ['too long', `${ownerOf(PROOF)}0`],
    ['with a line behind it', `${ownerOf(PROOF)}\n`],
    ['of other characters', 'g'.repeat(32)],
    ['empty', ''],
    ['a number', 7],
    ['null', null],
    ['a list', [ownerOf(PROOF)]],
    ['an object', { toString: 'x' }],
    ['the proof itself', PROOF],
  ])('is not %s: the report counts as one that names nobody', async (_what, owner) => {
    const collector = shared();
    const project = ownProject();
    const path = pathOf(ID, project);
    const report = { ...fullReport({ project }), owner };
    expect((await collector.post('/v1/reports', report)).status).toBe(202);
    expect((await collector.get(`/stats?project=${project}`)).body).toMatchObject({
      total_reports: 1,
    });
    expect(await statusOf(collector, path, PROOF)).toBe(404);
    await collector.post('/v1/reports', signed(OTHER_PROOF, { project }));
    expect(await statusOf(collector, path, OTHER_PROOF)).toBe(200);
  });

  it('is not named by a report that is refused, or that has come before', async () => {
    const collector = shared();
    const project = ownProject();
    const path = pathOf(ID, project);
    const first = unsigned({ project });
    await collector.post('/v1/reports', first);
    const again = { ...first, owner: ownerOf(OTHER_PROOF) };
    const refused = { ...fullReport({ project }), owner: ownerOf(OTHER_PROOF), timestamp: 7 };
    expect((await collector.post('/v1/reports', { reports: [again, refused] })).status).toBe(202);
    expect((await collector.get(`/stats?project=${project}`)).body).toMatchObject({
      total_reports: 1,
    });
    expect(await statusOf(collector, path, OTHER_PROOF)).toBe(404);
  });

  it('is none of an ID that many share', async () => {
    const collector = shared();
    const project = ownProject();
    await collector.post(
      '/v1/reports',
      signed(PROOF, { project, anonymous_id: 'ci-github-actions' }),
    );
    const answer = await ask(collector, 'GET', pathOf('ci-github-actions', project), bearer(PROOF));
    expect(answer).toMatchObject({ status: 403, body: { code: 'shared_id' } });
  });

  it('is forgotten with the data: the ID is free for the next, and late reports take nothing', async () => {
    let now = Date.parse('2026-11-22T21:00:00Z');
    const collector = await startCollector({ now: () => new Date(now) });
    const made = () => ({ timestamp: new Date(now).toISOString() });
    await collector.post('/v1/reports', signed(PROOF, made()));
    const late = signed(PROOF, made());
    now += 1000;
    expect((await ask(collector, 'DELETE', pathOf(), bearer(PROOF))).status).toBe(202);
    expect((await ask(collector, 'DELETE', pathOf(), bearer(PROOF))).status).toBe(404);
    now += 1000;
    expect((await collector.post('/v1/reports', late)).status).toBe(202);
    expect(await statusOf(collector, pathOf(), PROOF)).toBe(404);
    await collector.post('/v1/reports', signed(OTHER_PROOF, made()));
    await collector.post('/v1/reports', signed(PROOF, made()));
    expect(await statusOf(collector, pathOf(), PROOF)).toBe(404);
    const { body } = await ask(collector, 'GET', pathOf(), bearer(OTHER_PROOF));
    expect(body).toMatchObject({ total_reports: 2 });
  });

  it('deletes once, however often it is asked at the same time', async () => {
    let now = Date.parse('2026-11-22T21:00:00Z');
    const collector = await startCollector({ now: () => new Date(now++) });
    for (let round = 0; round < 20; round++) {
      const timestamp = new Date(now++).toISOString();
      expect((await collector.post('/v1/reports', signed(PROOF, { timestamp }))).status).toBe(202);
      const deletions = Array.from({ length: 4 }, () =>
        ask(collector, 'DELETE', pathOf(), bearer(PROOF)),
      );
      const next = collector.post(
        '/v1/reports',
        signed(OTHER_PROOF, { timestamp: '2026-11-23T00:00:00Z' }),
      );
      const statuses = (await Promise.all(deletions)).map(({ status }) => status);
      expect(statuses).toContain(202);
      expect(statuses.every((status) => status === 202 || status === 404)).toBe(true);
      await next;
      // Whoever the ID belongs to now, it is one of both, and the other one opens nothing.
      const opened = [
        await statusOf(collector, pathOf(), PROOF),
        await statusOf(collector, pathOf(), OTHER_PROOF),
      ];
      expect(opened.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
      await ask(collector, 'DELETE', pathOf(), bearer(OTHER_PROOF));
      await ask(collector, 'DELETE', pathOf(), bearer(PROOF));
    }
  });
});

it('a deletion leaves alone who has got the ID since it was asked for', async () => {
  const uid = Buffer.alloc(16, 1);
  const [first, second] = [Buffer.alloc(16, 2), Buffer.alloc(16, 3)];
  const at = Date.parse('2026-11-22T20:00:00Z');
  const reported = (seconds: number, owner: Buffer) =>
    entry({ receivedAt: at + seconds * 1000, owner: owner.toString('base64') });
  const deleted = (seconds: number, owner: Buffer) =>
    JSON.stringify({
      ...{ format: 2, receivedAt: at + seconds * 1000, project: 'acme' },
      ...{ uid: uid.toString('base64'), owner: owner.toString('base64') },
    });
  const data = await folderWithEntries([
    reported(0, first),
    deleted(1, first),
    reported(2, second),
    deleted(3, first),
  ]);
  const collector = await startCollector({ data });
  expect((await collector.get('/stats')).body).toMatchObject({ total_users: 1, total_reports: 2 });
  const { counted, deletedAt } = await collector.store.user({ project: 'acme', uid });
  expect([counted?.reports, deletedAt]).toEqual([1, at + 1000]);
  expect(Buffer.from(counted?.ownerHash ?? [])).toEqual(second);
});

describe('without the proof', () => {
  it('the answer is the same 404, byte for byte, whatever there is', async () => {
    const collector = await startCollector({ monotonicMs: () => 0 });
    await collector.post('/v1/reports', {
      reports: [
        signed(PROOF),
        signed(OTHER_PROOF, { anonymous_id: 'another' }),
        signed(PROOF, { project: 'second' }),
        unsigned({ anonymous_id: 'never owned' }),
        signed(PROOF, { anonymous_id: 'deleted' }),
        signed('0'.repeat(64), { anonymous_id: 'zeros' }),
      ],
    });
    expect((await ask(collector, 'DELETE', pathOf('deleted'), bearer(PROOF))).status).toBe(202);
    const own = ownerOf(PROOF);
    const authorizations: Record<string, string | undefined> = {
      'no proof': undefined,
      'a foreign proof': `Bearer ${OTHER_PROOF}`,
      'a proof of nobody': `Bearer ${'c3'.repeat(32)}`,
      zeros: `Bearer ${'0'.repeat(64)}`,
      'the owner, which every report shows': `Bearer ${own}`,
      'the owner twice': `Bearer ${own}${own}`,
      'the proof in capitals': `Bearer ${PROOF.toUpperCase()}`,
      'the proof, too short': `Bearer ${PROOF.slice(1)}`,
      'the proof, too long': `Bearer ${PROOF}0`,
      'the proof in two words': `Bearer ${PROOF.slice(0, 32)} ${PROOF.slice(32)}`,
      'the proof of another scheme': `Basic ${PROOF}`,
      'the proof without a scheme': PROOF,
      'no token': 'Bearer ',
      'another token': 'Bearer hck_write-key',
      'a token that is almost the administrator’s': `Bearer ${TOKEN}x`,
      'a very long token': `Bearer ${'a'.repeat(8000)}`,
    };
    for (const method of METHODS) {
      const answers = new Map<string, string[]>();
      for (const [what, authorization] of Object.entries(authorizations)) {
        const zeros = what === 'zeros' ? [] : [pathOf('zeros')];
        for (const url of [
          ...zeros,
          pathOf(),
          pathOf('unknown'),
          pathOf('never owned'),
          pathOf('deleted'),
          pathOf(ID, 'nowhere'),
        ]) {
          const headers = authorization === undefined ? {} : { authorization };
          const answer = await ask(collector, method, url, headers);
          expect([what, url, answer.status]).toEqual([what, url, 404]);
          expect(answer.headers['cache-control']).toBe('no-store');
          const bytes = bytesOf(answer);
          answers.set(bytes, [...(answers.get(bytes) ?? []), `${what}: ${url}`]);
        }
      }
      // Proofs that are good for others.
      for (const [url, proof] of [
        [pathOf('another'), PROOF],
        [pathOf(ID, 'second'), OTHER_PROOF],
        [pathOf('never owned'), PROOF],
        [pathOf('deleted'), PROOF],
        [pathOf('unknown'), PROOF],
      ] as const) {
        const bytes = bytesOf(await ask(collector, method, url, bearer(proof)));
        answers.set(bytes, [...(answers.get(bytes) ?? []), `${proof}: ${url}`]);
      }
      expect([...answers.values()].map((all) => all.length)).toHaveLength(1);
    }
    // With the one of who was deleted.
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 6 });
    expect(await statusOf(collector, pathOf(), PROOF)).toBe(200);
  });

  it('is answered with 404 and a problem that says what to send', async () => {
    const collector = shared();
    const { status, body, headers } = await ask(collector, 'GET', pathOf(ID, ownProject()));
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(body).toMatchObject({
      type: 'urn:headcount:problem:unknown_user',
      status: 404,
      code: 'unknown_user',
      detail: expect.stringContaining('Authorization: Bearer') as string,
    });
  });

  it('of one project, nothing opens in another: the proof has the project in it', async () => {
    const collector = shared();
    const proofs = { one: 'd4'.repeat(32), two: 'e5'.repeat(32) };
    const reports = Object.entries(proofs).map(([project, proof]) => signed(proof, { project }));
    await collector.post('/v1/reports', { reports });
    expect(await statusOf(collector, pathOf(ID, 'one'), proofs.one)).toBe(200);
    expect(await statusOf(collector, pathOf(ID, 'two'), proofs.one)).toBe(404);
    expect(await statusOf(collector, pathOf(ID, 'one'), proofs.two)).toBe(404);
  });

  it('one may ask 20 times a minute, for known IDs and others alike', async () => {
    const collector = await startCollector({ monotonicMs: () => 0 });
    await collector.post('/v1/reports', signed(PROOF));
    const from = async (remote: string, url: string, proof: string) => {
      const answer = await collector.app.inject({
        url,
        remoteAddress: remote,
        headers: bearer(proof),
      });
      return {
        status: answer.statusCode,
        limit: answer.headers['ratelimit'],
        headers: answer.headers,
      };
    };
    // Who proves it is not counted.
    for (let n = 0; n < 30; n++) {
      expect((await from('192.0.2.1', pathOf(), PROOF)).status).toBe(200);
    }
    const left = [];
    for (let n = 0; n < 20; n++) {
      const known = await from('192.0.2.2', pathOf(), OTHER_PROOF);
      const unknown = await from('192.0.2.3', pathOf(`unknown ${n}`), OTHER_PROOF);
      expect([known.status, unknown.status]).toEqual([404, 404]);
      expect(unknown.limit).toBe(known.limit);
      left.push(known.limit);
    }
    expect(new Set(left).size).toBe(20);
    for (const remote of ['192.0.2.2', '192.0.2.3']) {
      for (const [url, proof] of [
        [pathOf(), OTHER_PROOF],
        [pathOf('unknown'), OTHER_PROOF],
        [pathOf('unknown'), PROOF],
      ] as const) {
        const { status, headers } = await from(remote, url, proof);
        expect(status).toBe(429);
        expect(headers).toMatchObject({ 'retry-after': '3', 'cache-control': 'no-store' });
      }
      // Strangers behind the owner's address do not keep the owner out.
      expect((await from(remote, pathOf(), PROOF)).status).toBe(200);
    }
  });

  it('one gets no more by asking all at once', async () => {
    const collector = await startCollector({ monotonicMs: () => 0 });
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        collector.app.inject({ url: pathOf('x'), headers: bearer(), remoteAddress: '192.0.2.4' }),
      ),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 404)).toHaveLength(20);
  });
});

describe('the administrator', () => {
  it('sees and deletes for a person who has lost the secret', async () => {
    const collector = await startCollector({ adminToken: TOKEN });
    await collector.post('/v1/reports', {
      reports: [signed(PROOF), unsigned({ anonymous_id: 'never owned' })],
    });
    for (const id of [ID, 'never owned']) {
      const seen = await ask(collector, 'GET', pathOf(id), bearer(TOKEN));
      expect(seen).toMatchObject({ status: 200, body: { total_reports: 1 } });
      expect((await ask(collector, 'DELETE', pathOf(id), bearer(TOKEN))).status).toBe(202);
      const gone = await ask(collector, 'GET', pathOf(id), bearer(TOKEN));
      expect(gone).toMatchObject({ status: 200, body: { total_reports: 0 } });
      expect(gone.body['deleted_at']).toEqual(expect.any(String));
    }
    expect(await statusOf(collector, pathOf(), PROOF)).toBe(404);
    expect(await statusOf(collector, pathOf(), `${TOKEN}x`)).toBe(404);
    expect((await collector.get('/stats')).body).toMatchObject({ total_users: 0 });
  });

  it('is not asked for: the owner needs no other token', async () => {
    const collector = await startCollector({ adminToken: TOKEN });
    await collector.post('/v1/reports', signed(PROOF));
    expect(await statusOf(collector, pathOf(), PROOF)).toBe(200);
    expect((await ask(collector, 'DELETE', pathOf(), bearer(PROOF))).status).toBe(202);
  });
});

describe('what is acknowledged and not counted', () => {
  it('is counted before the answer', async () => {
    const collector = await startCollector({ now: () => new Date() });
    const goOn = stopCounting(collector);
    const timestamp = new Date().toISOString();
    expect((await collector.post('/v1/reports', signed(PROOF, { timestamp }))).status).toBe(202);
    const own = ask(collector, 'GET', pathOf(), bearer(PROOF));
    const foreign = ask(collector, 'GET', pathOf(), bearer(OTHER_PROOF));
    const deletion = ask(collector, 'DELETE', pathOf(), bearer(PROOF));
    await until('counting is held up', () => collector.log().includes('counting failed'));
    goOn();
    expect(await own).toMatchObject({ status: 200, body: { total_reports: 1 } });
    expect((await foreign).status).toBe(404);
    expect((await deletion).status).toBe(202);
    expect(await statusOf(collector, pathOf(), PROOF)).toBe(404);
  });

  it('and takes too long, is 503 for everybody alike, and nothing is lost', async () => {
    const collector = await startCollector({ now: () => new Date(), adminToken: TOKEN });
    const timestamp = new Date().toISOString();
    await collector.post('/v1/reports', signed(PROOF, { timestamp, anonymous_id: 'counted' }));
    expect(await statusOf(collector, pathOf('counted'), PROOF)).toBe(200);
    const goOn = stopCounting(collector);
    expect((await collector.post('/v1/reports', signed(PROOF, { timestamp }))).status).toBe(202);
    const answers = await Promise.all(
      (['GET', 'DELETE'] as const).flatMap((method) =>
        [ID, 'counted', 'unknown'].flatMap((id) =>
          [bearer(PROOF), bearer(OTHER_PROOF), {}].map((headers) =>
            ask(collector, method, pathOf(id), headers),
          ),
        ),
      ),
    );
    for (const { status, headers, body } of answers) {
      expect([status, body['code']]).toEqual([503, 'busy']);
      expect(headers).toMatchObject({
        'content-type': 'application/problem+json',
        'retry-after': '1',
      });
    }
    expect([...new Set(answers.map(bytesOf))]).toHaveLength(1);
    // In the journal the administrator's deletion has its place behind the report.
    expect((await ask(collector, 'DELETE', pathOf(), bearer(TOKEN))).status).toBe(202);
    goOn();
    await until('it is counted', async () => {
      return (await ask(collector, 'GET', pathOf('counted'), bearer(PROOF))).status === 200;
    });
    expect(await statusOf(collector, pathOf(), PROOF)).toBe(404);
    expect((await collector.get('/stats')).body).toMatchObject({ total_users: 1 });
  });
});

it('neither proof nor owner is in the log, in an answer or on the disk', async () => {
  const collector = await startCollector({ adminToken: TOKEN });
  const planted = 'ab12cd34'.repeat(8);
  const owner = ownerOf(planted);
  const everything = (): string =>
    readdirSync(collector.data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
      .join('\n');
  const answers: string[] = [];
  const note = async (answer: ReturnType<typeof ask>): Promise<void> => {
    const { headers, text } = await answer;
    answers.push(JSON.stringify(headers), text);
  };
  await collector.post('/v1/reports', signed(planted));
  const goOn = stopCounting(collector);
  await collector.post('/v1/reports', signed(planted, { anonymous_id: 'waits' }));
  const waiting = everything();
  goOn();
  for (const method of METHODS) {
    await note(ask(collector, method, pathOf('unknown'), bearer(planted)));
    await note(ask(collector, method, pathOf(ID, planted), bearer(planted)));
    await note(ask(collector, method, '/v1/users/x', bearer(planted)));
    await note(ask(collector, method, `${pathOf()}&proof=1`, bearer(planted)));
    await note(ask(collector, method, '/v1/projects', bearer(planted)));
    await note(ask(collector, method, '/v1/users', bearer(planted)));
    await note(ask(collector, method, pathOf(), bearer(planted)));
  }
  for (const report of [
    { ...fullReport(), owner: [planted] },
    { ...fullReport(), owner: planted },
    { ...fullReport(), owner: `${planted}\0` },
    { ...fullReport(), anonymous_id: 7, owner },
    { ...fullReport(), timestamp: 7, owner: planted },
  ]) {
    const { headers, text } = await collector.post('/v1/reports', report, bearer(planted));
    answers.push(JSON.stringify(headers), text);
  }
  const whileOpen = everything();
  await collector.close();
  expect(collector.log()).toContain('/v1/users/:anonymous_id');
  for (const text of [waiting, whileOpen, everything(), collector.log(), ...answers]) {
    expect(text).not.toContain(planted);
    expect(text).not.toContain(owner);
  }
});
