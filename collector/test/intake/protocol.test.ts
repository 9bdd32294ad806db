import { describe, expect, it } from 'vitest';
import { vectorsFor } from '../../../test/support/vectors.js';
import { bearer } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';

interface Input {
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

interface Expected {
  readonly status: number;
  readonly answer?: Record<string, unknown>;
  readonly code?: string;
  readonly path?: string;
  readonly people?: number;
  readonly meaning: string;
}

const vectors = vectorsFor<Input, never, Expected>('collector', 'intake');
const [{ input: first } = { input: { body: '' } }] = vectors;

/** Bodies that are too long to be in the file. */
const LONG: Record<string, string> = {
  '<501 reports>': `{"reports":[${Array<string>(501).fill(first.body).join()}]}`,
  '<1048577 bytes>': ' '.repeat(1024 * 1024 + 1),
};

const shared = shareCollector();
let projects = 0;

/** Vectors share a collector, so each has a project and keys of its own. */
function apart(text: string): { readonly project: string; readonly body: string } {
  const project = `acme-${(projects += 1)}`;
  const digits = String(projects).padStart(4, '0');
  const body = text
    .replaceAll(/"project":"(?:\\.|[^"]){1,214}"/g, `"project":"${project}"`)
    .replaceAll('-754a-', `-7${digits.slice(1)}-`);
  return { project, body };
}

const people = async (project: string): Promise<unknown> =>
  (await shared().get(`/stats?project=${project}`)).body['total_users'];

describe('what the protocol says of answers', () => {
  it.each(vectors)('$name', async ({ input, expect: expected }) => {
    const { path, headers } = input;
    const { project, body } = apart(LONG[input.body] ?? input.body);
    const answer = await shared().post(path, body, headers);
    expect(answer.status).toBe(expected.status);
    if (expected.answer) expect(answer.body).toEqual(expected.answer);
    if (expected.code === undefined) {
      expect(await people(project)).toBe(expected.people);
      return;
    }
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json\b/);
    expect(answer.body).toMatchObject({
      type: `urn:headcount:problem:${expected.code}`,
      status: expected.status,
      code: expected.code,
      ...(expected.path !== undefined && { path: expected.path }),
    });
    expect((await shared().get(`/stats?project=${project}`)).body).not.toMatchObject({
      total_reports: 1,
    });
  });
});

describe('what the protocol says of ownership', () => {
  interface Owned {
    readonly proof: string;
    readonly owner: string;
  }
  const owned = vectorsFor<{ project: string }, never, Owned>('full', 'ownership');

  it('shows and deletes by the proof alone, for each vector', async () => {
    for (const [at, { input, expect: expected }] of owned.entries()) {
      const { project } = input;
      const { owner, proof } = expected;
      const id = `a${String(at).padStart(15, '0')}`;
      const report = {
        // The cast: the first vector is a report.
        ...(JSON.parse(apart(first.body).body) as object),
        ...{ project, owner, anonymous_id: id },
      };
      expect((await shared().post('/v1/reports', report)).status).toBe(202);
      const url = `/v1/users/${id}?project=${encodeURIComponent(project)}`;
      const others = owned.find((one) => one.expect.proof !== proof)?.expect.proof;
      if (at < 2) expect((await shared().stranger(url, bearer(others))).status).toBe(404);
      expect((await shared().stranger(url, bearer(proof))).status).toBe(200);
      expect((await shared().delete(url, bearer(proof))).status).toBe(202);
    }
  });
});

describe('what the protocol says of requests', () => {
  interface Sent {
    readonly path: string;
    readonly body: string;
  }
  const requests = vectorsFor<object, never, Sent>('small', 'report').concat(
    vectorsFor<object, never, Sent>('full', 'report'),
  );
  const VALUES: Record<string, string> = {
    report_id: '01a2050d-303b-754a-af94-b9de03284d72',
    anonymous_id: '9f86d081884c7d65',
    owner: 'd41f0a8c6be2975d13c04f5e9a7b2861',
    timestamp: '2026-11-22T20:58:00.123Z',
    sent_at: '2026-11-22T20:58:01.000Z',
    os: 'Linux',
    arch: 'x64',
    runtime: 'sh',
  };

  it.each(requests)('takes $name', async ({ expect: { path, body } }) => {
    const filled = body.replaceAll(/<(\w+)>/g, (word, name: string) => VALUES[name] ?? word);
    const { project, body: sent } = apart(filled);
    expect((await shared().post(path, sent)).status).toBe(path === '/v1/reports' ? 202 : 200);
    expect(await people(project)).toBe(sent.includes('"ci-') ? 0 : 1);
    // Nothing of it is unknown, cut or unexpected.
    if (sent.includes('"version":"2.3.1"')) {
      expect(await shared().store.quality({ project })).toEqual({ accepted: 1 });
    }
  });
});
