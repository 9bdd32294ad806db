import { describe, expect, it } from 'vitest';
import {
  parseRetryAfter,
  type ReceivedResponse,
  readResponse,
  type SentRequest,
} from '../../src/sender/verdict.js';

const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';
const HTML = '<!doctype html><title>Blocked</title>';

const read = (response: ReceivedResponse, request: Partial<SentRequest> = {}) =>
  readResponse(response, { reports: 2, isCompressed: false, form: 'batch', ...request });

/** A problem as `headcount-collector` sends it (collector/src/errors.ts). */
const problem = (status: number, code: string, said = status): ReceivedResponse => ({
  status,
  type: `${PROBLEM_TYPE}; charset=utf-8`,
  body: JSON.stringify({
    type: `urn:headcount:problem:${code}`,
    title: 'x',
    status: said,
    detail: 'x',
    code,
    request_id: 'r',
  }),
});

describe('a 2xx', () => {
  it.each<[number, string, string?]>([
    [200, '{"status":"success","message":"ok"}', JSON_TYPE],
    [201, ''],
    [202, '{"accepted":2,"rejected":[]}', JSON_TYPE],
    [202, '{"accepted":2,"rejected":[]}'],
    [204, ''],
    [200, ' \r\n', 'text/html'],
    [200, '{"rejected":"nonsense"}', 'text/plain'],
    [200, 'null', JSON_TYPE],
  ])('%i with %j accepts the reports', (status, body, type) => {
    expect(read({ status, body, ...(type && { type }) })).toEqual({
      kind: 'accepted',
      rejected: [],
    });
  });

  it.each<[string, ReceivedResponse]>([
    ['HTML', { status: 200, body: HTML, type: 'text/html' }],
    ['HTML that calls itself JSON', { status: 200, body: HTML, type: JSON_TYPE }],
    ['JSON that calls itself HTML', { status: 200, body: '{}', type: 'text/html; charset=x' }],
    ['another text', { status: 200, body: 'ok', type: 'text/plain' }],
    ['half of its JSON', { status: 202, body: '{"accepted":2,"rej', type: JSON_TYPE }],
    ['JSON without an end', { status: 200, body: '{}', isCutOff: true }],
    ['nothing but white space, without an end', { status: 200, body: ' ', isCutOff: true }],
  ])('with %s is a failure', (_, response) => {
    expect(read(response)).toMatchObject({ kind: 'retry' });
    expect(read({ ...response, retryAfterMs: 5 })).toMatchObject({ retryAfterMs: 5 });
  });

  it('of a first-generation server may call its JSON what it likes, but not be HTML', () => {
    const own = { form: 'single', reports: 1 } as const;
    expect(read({ status: 200, body: '{"ok":1}', type: 'text/html' }, own).kind).toBe('accepted');
    expect(read({ status: 200, body: HTML, type: JSON_TYPE }, own).kind).toBe('retry');
  });

  it('tells which reports of a batch were refused, and passes by indices out of range', () => {
    const rejected = [
      { index: 1, code: 'field_type', path: '/info', retry: false },
      { index: 0, code: 'busy', path: '', retry: true },
      { index: 7, code: 'x', path: '', retry: false },
      { index: -1, code: 'x', path: '', retry: false },
      { index: 'a' },
      null,
    ];
    const body = JSON.stringify({ accepted: 0, rejected });
    expect(read({ status: 202, body })).toEqual({
      kind: 'accepted',
      rejected: rejected.slice(0, 2),
    });
  });
});

describe('what the collector does not say', () => {
  const STATUSES = [
    ...[100, 301, 302, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411],
    ...[412, 415, 418, 421, 422, 423, 425, 426, 428, 429, 431, 451, 499],
    ...[500, 501, 502, 503, 504, 505, 507, 511, 520, 599],
  ];
  const problemOf = (status: number, type: string, body: object): ReceivedResponse => ({
    status,
    type,
    body: JSON.stringify(body),
  });
  it.each<[string, (status: number) => ReceivedResponse]>([
    ['an empty answer', (status) => ({ status, body: '' })],
    ['HTML', (status) => ({ status, body: HTML, type: 'text/html' })],
    ['HTML that calls itself a problem', (status) => ({ status, body: HTML, type: PROBLEM_TYPE })],
    ['JSON of a gateway', (status) => ({ status, body: '{"message":"no"}', type: JSON_TYPE })],
    [
      'a problem of another server',
      (status) => problemOf(status, PROBLEM_TYPE, { type: 'about:blank', status }),
    ],
    [
      'a problem of ours that calls itself HTML',
      (status) => ({ ...problem(status, 'not_found'), type: 'text/html' }),
    ],
    ['a problem of ours for another status', (status) => problem(status, 'not_found', 400)],
    [
      'a problem of ours that is cut off',
      (status) => ({ ...problem(status, 'not_found'), isCutOff: true }),
    ],
  ])('drops no report: %s', (_, answer) => {
    for (const status of STATUSES.filter((each) => each !== 400)) {
      expect([status, read(answer(status)).kind]).toEqual([status, 'retry']);
    }
  });

  it('keeps a retired version alive: 410 of another server', () => {
    expect(read({ status: 410, body: '', type: JSON_TYPE }).kind).toBe('retry');
    const own = { form: 'single', reports: 1 } as const;
    expect(read({ status: 410, body: HTML, type: 'text/html' }, own).kind).toBe('retry');
  });
});

describe('what the collector says', () => {
  it.each([
    [400, 'not_json'],
    [401, 'key_required'],
    [403, 'key_wrong'],
    [404, 'not_found'],
    [405, 'method_not_allowed'],
    [415, 'wrong_content_type'],
    [422, 'missing_field'],
  ])('is final: %i %s', (status, code) => {
    expect(read(problem(status, code))).toEqual({
      kind: 'refused',
      error: `the collector answered ${status}`,
    });
  });

  it.each([
    [408, 'request_timeout'],
    [429, 'rate_limited'],
    [500, 'internal_error'],
    [503, 'busy'],
    [507, 'disk_full'],
  ])('may change: %i %s', (status, code) => {
    expect(read(problem(status, code)).kind).toBe('retry');
  });

  it('is final at an endpoint with a path of its own where it is JSON', () => {
    const own = { form: 'single', reports: 1 } as const;
    for (const status of [400, 401, 403, 404, 422]) {
      expect(read({ status, body: '{"status":"error"}' }, own).kind).toBe('refused');
      expect(read({ status, body: HTML, type: 'text/html' }, own).kind).toBe('retry');
      expect(read({ status, body: '' }, own).kind).toBe('retry');
    }
    expect(read({ status: 429, body: '{"status":"error"}' }, own).kind).toBe('retry');
  });

  it('retires a version by 410', () => {
    expect(read(problem(410, 'project_closed'))).toEqual({ kind: 'retired' });
  });
});

describe('an answer that asks for another request', () => {
  it('is a 413, whoever says it, unless one report alone is too large for a stranger', () => {
    const stranger = { status: 413, body: HTML, type: 'text/html' };
    expect(read(stranger, { reports: 9 })).toEqual({ kind: 'too-large' });
    expect(read(stranger, { reports: 1 }).kind).toBe('retry');
    expect(read(problem(413, 'too_large'), { reports: 1 })).toEqual({ kind: 'too-large' });
  });

  it('is a 415 to a compressed request', () => {
    const stranger = { status: 415, body: HTML, type: 'text/html' };
    expect(read(stranger, { isCompressed: true })).toEqual({ kind: 'unsupported-encoding' });
    expect(read(stranger).kind).toBe('retry');
  });
});

describe('parseRetryAfter()', () => {
  const NOW = Date.UTC(2026, 10, 28, 12);
  const DAY = 86_400_000;
  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['5 minutes', undefined],
    ['2026-11-28', undefined],
    ['0', 0],
    [' 120 ', 120_000],
    ['1.5', 1_500],
    ['3600', 3_600_000],
    ['999999999999999999999999', DAY],
    ['9'.repeat(400), DAY],
    ['Sat, 28 Nov 2026 12:00:30 GMT', 30_000],
    ['Saturday, 28-Nov-26 12:00:30 GMT', 30_000],
    ['Sat Nov 28 12:00:30 2026', 30_000],
    ['Sat, 28 Nov 2026 11:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', DAY],
  ])('reads %j as %s', (value, ms) => {
    expect(parseRetryAfter(value, NOW)).toBe(ms);
  });

  it.each([301, 304, 403, 404, 410, 429, 500, 503])('counts on %i', (status) => {
    expect(read({ status, body: HTML, retryAfterMs: 7_000 })).toMatchObject({
      kind: 'retry',
      retryAfterMs: 7_000,
    });
  });
});
