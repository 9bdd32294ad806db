import { describe, expect, it } from 'vitest';
import { readResponse } from '../../src/sender/verdict.js';

const read = (status: number, body: string, reports: number, isCompressed = false) =>
  readResponse({ status, body }, { reports, isCompressed });

describe('readResponse', () => {
  it.each([
    [200, '{"status":"success","message":"ok"}'],
    [201, ''],
    [202, '{"accepted":2,"rejected":[]}'],
    [204, ''],
    [200, '<html>'],
    [200, '{"rejected":"nonsense"}'],
    [200, 'null'],
  ])('takes %i with %j as accepted', (status, body) => {
    expect(read(status, body, 2)).toEqual({ kind: 'accepted', rejected: [] });
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
    expect(read(202, body, 2)).toEqual({
      kind: 'accepted',
      rejected: rejected.slice(0, 2),
    });
  });

  it.each([407, 408, 429, 500, 502, 503, 504, 507, 301, 302, 307, 308, 304, 100])(
    'keeps the reports for later on %i',
    (status) => {
      expect(read(status, '', 1).kind).toBe('retry');
    },
  );

  it.each([400, 401, 403, 404, 405, 415, 422, 501, 505])('gives the reports up on %i', (status) => {
    expect(read(status, '', 1).kind).toBe('refused');
  });

  it('knows the answers that ask for something else than patience', () => {
    expect(read(410, '', 1)).toEqual({ kind: 'retired' });
    expect(read(413, '', 9)).toEqual({ kind: 'too-large' });
    expect(read(415, '', 1, true)).toEqual({ kind: 'unsupported-encoding' });
  });

  it('hands on how long the collector wants to be left alone', () => {
    const response = { status: 429, body: '', retryAfterMs: 3_600_000 };
    expect(readResponse(response, { reports: 1, isCompressed: false })).toEqual({
      kind: 'retry',
      error: 'the collector answered 429',
      retryAfterMs: 3_600_000,
    });
  });
});
