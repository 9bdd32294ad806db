import { beforeAll, describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';

interface Case {
  readonly what: string;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly code: string;
  readonly path?: string;
}

const without = (field: string): unknown =>
  Object.fromEntries(Object.entries(fullReport()).filter(([name]) => name !== field));
const raw = (fields: string): string => JSON.stringify(fullReport()).replace('{', `{${fields},`);
const reports = (count: number) => ({ reports: Array.from({ length: count }, () => fullReport()) });

const CASES: readonly Case[] = [
  { what: 'nothing', body: '', status: 400, code: 'not_json' },
  { what: 'no JSON', body: '{"anonymous_id": ', status: 400, code: 'not_json' },
  { what: 'a bare NUL byte', body: raw('"x":"a\0b"'), status: 400, code: 'not_json' },
  { what: 'no UTF-8', body: Buffer.from('{"a":"\xff"}', 'latin1'), status: 400, code: 'not_json' },
  { what: 'an array', body: [fullReport()], status: 422, code: 'wrong_type', path: '' },
  { what: 'a text', body: '"report"', status: 422, code: 'wrong_type', path: '' },
  { what: 'null', body: 'null', status: 422, code: 'wrong_type', path: '' },
  {
    what: 'another content type',
    body: fullReport(),
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'wrong_content_type',
  },
  ...['anonymous_id', 'timestamp', 'project', 'info'].flatMap((field) => [
    {
      what: `no ${field}`,
      body: without(field),
      status: 422,
      code: 'missing_field',
      path: `/${field}`,
    },
    ...[null, 5, true, [], 'info' === field ? 'text' : {}].map((value) => ({
      what: `${JSON.stringify(value)} as ${field}`,
      body: { ...fullReport(), [field]: value },
      status: 422,
      code: 'wrong_type',
      path: `/${field}`,
    })),
  ]),
  {
    what: 'a report_id that is a number',
    body: { ...fullReport(), report_id: 5 },
    status: 422,
    code: 'wrong_type',
    path: '/report_id',
  },
  ...(
    [
      ['an empty anonymous_id', { anonymous_id: '' }],
      ['an anonymous_id of 129 characters', { anonymous_id: 'x'.repeat(129) }],
      ['an empty project', { project: '' }],
      ['a project of 215 characters', { project: 'x'.repeat(215) }],
    ] as const
  ).map(([what, change]) => ({
    what,
    body: fullReport(change),
    status: 422,
    code: 'out_of_bounds',
    path: `/${Object.keys(change)[0]}`,
  })),
  { what: '2 MB', body: raw(`"x":"${'x'.repeat(2_000_000)}"`), status: 413, code: 'too_large' },
  ...['anonymous_id', 'timestamp', 'project', 'event'].map((field) => ({
    what: `a NUL character in ${field}`,
    body: { ...fullReport(), [field]: 'a\0b' },
    status: 422,
    code: 'nul_character',
    path: `/${field}`,
  })),
  {
    what: 'a NUL character deep in a field of its own',
    body: { ...fullReport(), extra: { 'a/b': [0, { '~c': 'x\0' }] } },
    status: 422,
    code: 'nul_character',
    path: '/extra/a~1b/1/~0c',
  },
  {
    what: 'a NUL character in a key',
    body: { ...fullReport(), 'a\0b': 1 },
    status: 422,
    code: 'nul_character',
    path: '/a\0b',
  },
  {
    what: '__proto__',
    body: raw('"__proto__":{"isAdmin":true}'),
    status: 400,
    code: 'forbidden_key',
    path: '/__proto__',
  },
  {
    what: '__proto__ written otherwise, deep down',
    body: raw('"x":[{"\\u005f_proto__":1}]'),
    status: 400,
    code: 'forbidden_key',
    path: '/x/0/__proto__',
  },
  {
    what: 'constructor.prototype',
    body: raw('"constructor":{"prototype":{"isAdmin":true}}'),
    status: 400,
    code: 'forbidden_key',
    path: '/constructor',
  },
  {
    what: '__proto__ in one report of a batch',
    body: `{"reports":[${JSON.stringify(fullReport())},{"__proto__":{}}]}`,
    status: 400,
    code: 'forbidden_key',
    path: '/reports/1/__proto__',
  },
  {
    what: 'a batch that is no list',
    body: { reports: {} },
    status: 422,
    code: 'wrong_type',
    path: '/reports',
  },
  { what: 'no reports', body: reports(0), status: 422, code: 'out_of_bounds', path: '/reports' },
  { what: '501 reports', body: reports(501), status: 422, code: 'out_of_bounds', path: '/reports' },
  {
    what: '100 000 lists in each other',
    body: '['.repeat(100_000),
    status: 413,
    code: 'too_complex',
  },
  {
    what: 'half a million zeros',
    body: `[${'0,'.repeat(499_999)}0]`,
    status: 413,
    code: 'too_complex',
  },
];

describe('what can never be read', () => {
  const shared = shareCollector();

  beforeAll(async () => {
    await shared().post('/v1/reports', fullReport());
  });

  it.each(CASES)('is refused and changes nothing: $what', async (testCase) => {
    const before = (await shared().get('/stats')).body;

    const answer = await shared().post('/v1/reports', testCase.body, testCase.headers);
    expect(answer).toMatchObject({
      status: testCase.status,
      body: { status: testCase.status, code: testCase.code },
    });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body['path']).toBe(testCase.path);
    expect(answer.body['request_id']).toBe(answer.headers['x-request-id']);

    expect((await shared().get('/stats')).body).toEqual(before);
    expect(await shared().store.quality({ project: null })).toEqual({ accepted: 1 });
  });

  it('names the limit that was passed', async () => {
    const answer = await shared().post('/statistics', `"${'x'.repeat(1024 * 1024)}"`);
    expect(answer).toMatchObject({ status: 413, body: { code: 'too_large' } });
    expect(answer.body['detail']).toContain('1048576 bytes');
  });

  it('pollutes no prototype', async () => {
    await shared().post('/v1/reports', raw('"__proto__":{"isAdmin":true}'));
    expect({}).not.toHaveProperty('isAdmin');
  });
});
