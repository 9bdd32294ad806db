import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { shareCollector } from '../support/share-collector.js';

const { info } = fullReport();

interface Case {
  readonly what: string;
  readonly body: unknown;
  readonly quality: Record<string, number>;
  readonly stats?: Record<string, unknown>;
  /** The value of a dimension of the report. */
  readonly values?: Record<string, string>;
}

const CASES: readonly Case[] = [
  {
    what: 'an unknown field',
    body: { ...fullReport(), mood: 'fine', nested: { a: [1, { b: null }] } },
    quality: { accepted: 1, unknown_fields: 1 },
  },
  {
    what: 'an unknown fact',
    body: { ...fullReport(), info: { ...info, shell: 'fish' } },
    quality: { accepted: 1, unknown_fields: 1 },
  },
  {
    what: 'a date in 1970',
    body: fullReport({ timestamp: '1970-01-01T00:00:00.000Z' }),
    quality: { accepted: 1, timestamps_clamped: 1 },
  },
  {
    what: 'a date in 2099',
    body: fullReport({ timestamp: '2099-12-31T23:59:59.999Z' }),
    quality: { accepted: 1, timestamps_clamped: 1 },
  },
  {
    what: 'a date that cannot be read',
    body: fullReport({ timestamp: 'last tuesday' }),
    quality: { accepted: 1, timestamps_unreadable: 1 },
  },
  {
    what: 'a moment of sending that cannot be read',
    body: { sent_at: 'just now', reports: [fullReport()] },
    quality: { accepted: 1, timestamps_unreadable: 1 },
  },
  ...[5, true, [], {}].map((sent_at) => ({
    what: `a moment of sending that is ${JSON.stringify(sent_at)}`,
    body: { sent_at, reports: [fullReport()] },
    quality: { accepted: 1, timestamps_unreadable: 1 },
  })),
  {
    what: 'a batch with null for no moment of sending',
    body: { sent_at: null, reports: [fullReport()] },
    quality: { accepted: 1 },
  },
  {
    what: 'a report with null for the list of a batch',
    body: { ...fullReport(), reports: null },
    quality: { accepted: 1 },
  },
  ...['report_id', 'owner', 'event', 'fields', 'lost_total', 'no_such_field'].map((name) => ({
    what: `null for a report’s ${name}`,
    body: { ...fullReport(), [name]: null },
    quality: { accepted: 1 },
  })),
  ...[...Object.keys(info), 'no_such_fact'].map((name) => ({
    what: `null for the fact ${name}`,
    body: fullReport({ info: { ...info, [name]: null } }),
    quality: { accepted: 1 },
  })),
  {
    what: 'a version of 10 000 characters',
    body: fullReport({ info: { ...info, version: '1.'.repeat(5000) } }),
    quality: { accepted: 1, values_cut: 1, values_unexpected: 1 },
    stats: { version_distribution: { other: 1 } },
  },
  {
    what: 'a system of 10 000 characters',
    body: fullReport({ info: { ...info, os: 'x'.repeat(10_000) } }),
    quality: { accepted: 1, values_cut: 1, values_unexpected: 1 },
    stats: { os_distribution: { other: 1 } },
  },
  {
    what: 'a value that is cut within a character',
    body: fullReport({ event: 'build', fields: { name: `${'x'.repeat(63)}😀` } }),
    quality: { accepted: 1, values_cut: 1 },
    values: { 'field:build.name': `${'x'.repeat(63)}\ufffd` },
  },
  {
    what: 'half a character',
    body: JSON.stringify(fullReport({ event: 'build', fields: { name: 'ab' } })).replace(
      '"ab"',
      '"a\\ud800b"',
    ),
    quality: { accepted: 1 },
    values: { 'field:build.name': 'a\ufffdb' },
  },
  {
    what: 'a system called __proto__',
    body: fullReport({ info: { ...info, os: '__proto__' } }),
    quality: { accepted: 1, values_unexpected: 1 },
    stats: { os_distribution: { other: 1 } },
  },
  {
    what: 'a field called constructor',
    body: { ...fullReport(), constructor: 'text' },
    quality: { accepted: 1, unknown_fields: 1 },
  },
  {
    what: 'an ID of 128 characters of any kind',
    body: fullReport({ anonymous_id: '’😀/%\n'.repeat(30).slice(0, 128) }),
    quality: { accepted: 1 },
  },
  {
    what: 'an id of the report that is no UUID',
    body: fullReport({ report_id: 'x'.repeat(1000) }),
    quality: { accepted: 1 },
  },
  {
    what: 'odd values where a newer client may have changed their kind',
    body: { ...fullReport(), event: 7, lost_total: 'many', fields: [], info: { ...info, wsl: 1 } },
    quality: { accepted: 1 },
  },
];

/** The same body, for a project of its own. */
function move(body: unknown, project: string): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text.replace('"project":"acme-cli"', `"project":"${project}"`);
}

describe('what a newer client or a wrong clock may send', () => {
  const shared = shareCollector();

  it.each(CASES)('is counted: $what', async ({ body, quality, stats = {}, values = {} }) => {
    const project = randomUUID();
    expect(await shared().post('/v1/reports', move(body, project))).toMatchObject({
      status: 202,
      body: { accepted: 1, rejected: [] },
    });
    const answer = await shared().get(`/stats?project=${project}`);
    expect(answer.body).toMatchObject({ total_users: 1, total_reports: 1, daily_active_users: 1 });
    for (const [name, value] of Object.entries(stats)) {
      expect(JSON.stringify(answer.body[name])).toBe(JSON.stringify(value));
    }
    for (const [dimension, value] of Object.entries(values)) {
      const all = { project, dimension, from: 0, to: 99_999 };
      expect(await shared().store.reportValues(all)).toMatchObject([{ value, n: 1 }]);
    }
    expect(await shared().store.quality({ project })).toEqual(quality);
  });

  it('is counted: a project with any characters', async () => {
    const project = "@acme/cli'; DROP TABLE users; -- 😀%";
    expect((await shared().post('/v1/reports', fullReport({ project }))).status).toBe(202);
    const answer = await shared().get(`/stats?project=${encodeURIComponent(project)}`);
    expect(answer.body).toMatchObject({ total_users: 1 });
  });
});
