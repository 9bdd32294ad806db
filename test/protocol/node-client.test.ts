import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseChoice } from '../../src/consent/choice.js';
import { decideConsent, type Mode } from '../../src/consent/decide.js';
import { projectVariable } from '../../src/consent/environment.js';
import type { Endpoint } from '../../src/project/endpoint.js';
import { DEFAULT_ENDPOINT, plainEndpoint } from '../../src/project/endpoint.js';
import { parseEndpoint } from '../../src/project/parse-endpoint.js';
import { safeName } from '../../src/project/safe-name.js';
import { detectCi } from '../../src/report/ci.js';
import { mayBeCi } from '../../src/report/facts.js';
import { completeReport, type Identity, type NumberedDraft } from '../../src/report/draft.js';
import { givenId } from '../../src/report/given-id.js';
import { resolveIdentity } from '../../src/sender/identity/anonymous-id.js';
import { ownerOf, proofFor } from '../../src/sender/identity/ownership.js';
import { requestBody } from '../../src/sender/upload.js';
import { parseRetryAfter, readResponse, type Verdict } from '../../src/sender/verdict.js';
import { memoryStorage } from '../../src/storage/memory-storage.js';
import { vectorsFor } from '../support/vectors.js';

type Env = Record<string, string>;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmacSha256 = (key: string | Uint8Array, text: string) =>
  createHmac('sha256', key).update(text).digest('hex');

/** The endpoint of an app that names one, or `undefined` for one that is refused. */
function named(text: string): Endpoint | undefined {
  const parsed = plainEndpoint(text, false) ?? parseEndpoint(text);
  return typeof parsed === 'string' ? undefined : parsed;
}

function must(endpoint: Endpoint | undefined): Endpoint {
  if (!endpoint) throw new Error('The endpoint of the vector is refused.');
  return endpoint;
}

describe('consent', () => {
  interface Input {
    project: string;
    env: Env;
    code?: { disabled?: boolean; inTests?: boolean; mode?: Mode };
  }
  interface State {
    choice: string;
    choice_for_all: string;
  }
  const vectors = vectorsFor<Input, State, { decision: string; level?: string }>('full', 'consent');

  it.each(vectors)('$name', ({ input, state, expect: { decision, level } }) => {
    const { project, env, code = {} } = input;
    const consent = decideConsent({
      env,
      project,
      disabled: code.disabled ?? false,
      inTests: code.inTests ?? false,
      mode: code.mode ?? 'on',
      choice: () => parseChoice(state.choice, 'its') ?? parseChoice(state.choice_for_all, 'all'),
    });
    expect({ decision: consent.mode, level: consent.level }).toEqual({ decision, level });
  });
});

describe('names', () => {
  const vectors = vectorsFor<{ project: string }, never, { variable: string; folder: string }>(
    'full',
    'names',
  );
  it.each(vectors)('$name', ({ input: { project }, expect: expected }) => {
    expect({ variable: projectVariable(project), folder: safeName(project, sha256) }).toEqual(
      expected,
    );
  });
});

describe('the ID', () => {
  interface State {
    'anonymous-id': string;
    machine: { id: string; account: string };
    container: boolean;
  }
  interface Expected {
    anonymous_id: string;
    id_source: string;
    ci?: string | null;
    stored?: string;
  }
  const vectors = vectorsFor<{ project: string; env: Env }, State, Expected>('full', 'id');
  const NEW = 'feedfacecafebeef';

  it.each(vectors)('$name', async ({ input: { project, env }, state, expect: expected }) => {
    const ci = mayBeCi(env) ? detectCi(env) : null;
    if ('ci' in expected) expect(ci).toBe(expected.ci);
    const given = givenId(env) ?? (ci === null ? undefined : `ci-${ci}`);
    if (given !== undefined) {
      expect(given).toBe(expected.anonymous_id);
      expect(expected.id_source).toBe(given.startsWith('ci-') ? 'ci' : 'given');
      return;
    }
    const storage = { ...memoryStorage(), isPersistent: true };
    const before = state['anonymous-id'];
    if (before !== undefined) await storage.set('anonymous-id', before);
    const { machine } = state;
    const identity = await resolveIdentity({
      project,
      endpoint: must(named('https://stats.acme.dev')),
      storage,
      container: state.container ?? false,
      machine: {
        rawMachineId: () =>
          machine ? Promise.resolve(machine.id) : Promise.reject(new Error('none')),
        user: () => machine?.account ?? '',
        hmacSha256,
      },
      timeId: () => NEW,
      newSecret: () => '0123456789abcdef'.repeat(4),
      hash: (_, text) => sha256(text),
    });
    const { anonymous_id, id_source, id_persisted } = identity;
    expect({ anonymous_id, id_source, id_persisted }).toEqual({
      anonymous_id: expected.anonymous_id === 'new' ? NEW : expected.anonymous_id,
      id_source: expected.id_source,
      id_persisted: true,
    });
    if (expected.stored) expect(await storage.get('anonymous-id')).toBe(expected.stored);
  });
});

describe('ownership', () => {
  interface Input {
    project: string;
    endpoint: string | null;
  }
  const vectors = vectorsFor<
    Input,
    { 'owner-secret': string },
    { proof: string; owner: string; origin: string }
  >('full', 'ownership');

  it.each(vectors)('$name', ({ input: { project, endpoint }, state, expect: expected }) => {
    const asked = endpoint === null ? plainEndpoint(DEFAULT_ENDPOINT, true) : named(endpoint);
    const machine = { rawMachineId: () => Promise.resolve(''), user: () => '', hmacSha256 };
    const parts = { project, endpoint: must(asked), machine };
    const proof = proofFor(state['owner-secret'] ?? '', parts);
    const owner = ownerOf(proof, { hash: (_, text) => sha256(text) });
    expect({ proof, owner }).toEqual({ proof: expected.proof, owner: expected.owner });
  });
});

describe('the endpoint', () => {
  interface Expected {
    url?: string;
    form?: string;
    refused?: true;
  }
  const vectors = vectorsFor<{ endpoint: string }, never, Expected>('full', 'endpoint');

  it.each(vectors)('$name', ({ input, expect: { url, form, refused } }) => {
    const endpoint = named(input.endpoint);
    expect(endpoint && { url: endpoint.url, form: endpoint.form }).toEqual(
      refused ? undefined : { url, form },
    );
  });
});

describe('the answer', () => {
  interface Input {
    form: Endpoint['form'];
    reports: number;
    compressed: boolean;
    response: { status: number; headers: Env; body: string };
    now?: string;
  }
  interface Expected {
    meaning: string;
    retry_after_seconds?: number;
    again?: readonly number[];
    dropped?: readonly number[];
  }
  const vectors = vectorsFor<Input, never, Expected>('full', 'answer');
  const MEANINGS: Record<Verdict['kind'], string> = {
    accepted: 'acknowledged',
    retry: 'failure',
    refused: 'refused',
    retired: 'retired',
    'too-large': 'too large',
    'unsupported-encoding': 'no compression',
  };

  it.each(vectors)('$name', ({ input, expect: expected }) => {
    const { form, reports, compressed: isCompressed, response, now = '1970-01-01' } = input;
    const { status, body, headers } = response;
    const type = headers['content-type'];
    const retryAfterMs = parseRetryAfter(headers['retry-after'], Date.parse(now));
    const verdict = readResponse(
      {
        status,
        body,
        ...(type !== undefined && { type }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      },
      { form, reports, isCompressed },
    );
    expect(MEANINGS[verdict.kind]).toBe(expected.meaning);
    const seconds = 'retryAfterMs' in verdict ? Number(verdict.retryAfterMs) / 1000 : undefined;
    expect(seconds).toBe(expected.retry_after_seconds);
    if (verdict.kind !== 'accepted') return;
    const indexes = (retry: boolean) =>
      verdict.rejected.filter((one) => one.retry === retry).map(({ index }) => index);
    expect(indexes(true)).toEqual(expected.again ?? []);
    expect(indexes(false)).toEqual(expected.dropped ?? []);
  });
});

describe('the report', () => {
  interface Input {
    facts: NumberedDraft;
    identity: Identity;
    lost_total: number;
    now: string;
    path: string;
  }
  const vectors = vectorsFor<Input, never, { path: string; body: string }>('full', 'report');

  it.each(vectors)('$name', ({ input, expect: expected }) => {
    const endpoint = must(named(`https://stats.acme.dev${input.path}`));
    const report = completeReport(input.facts, input.identity, input.lost_total);
    expect(new URL(endpoint.url).pathname).toBe(expected.path);
    expect(requestBody([report], endpoint, Date.parse(input.now))).toBe(expected.body);
  });
});
