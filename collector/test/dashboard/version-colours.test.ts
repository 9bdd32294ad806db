import { describe, expect, it } from 'vitest';
import { versionSlots } from '../../web/charts/version-slots.js';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = { ...withToken(), accept: 'application/vnd.headcount.page+json' };
const HTML = { ...withToken(), accept: 'text/html' };

/** The six that are shown apart. */
const NEWEST = Array.from({ length: 6 }, (_, n) => `1.${299 - n}.0`);

/** 300 versions that were never a release, since each has but two people. */
async function seed(): Promise<TestCollector> {
  const collector = await startCollector();
  const visits = Array.from({ length: 600 }, (_, n) => ({
    ...{ user: `user-${n}`, version: `1.${n % 300}.0`, at: '2026-11-20' },
  }));
  await reportVisits(collector, visits.slice(0, 300));
  await reportVisits(collector, visits.slice(300));
  return collector;
}

/** The colours of the newest versions, by the page that says which versions are known. */
async function slotsOn(
  collector: TestCollector,
  path: string,
  knownOf: (content: Record<string, unknown>) => unknown,
): Promise<readonly number[]> {
  const { status, body } = await collector.get(path, PAGE);
  expect(status).toBe(200);
  const slotOf = versionSlots(knownOf(body['content'] as Record<string, unknown>) as string[]);
  return NEWEST.map(slotOf);
}

describe('the colours of versions', () => {
  it('are the same on every page, of 300 versions that were never a release', async () => {
    const collector = await seed();
    const overview = await slotsOn(collector, '/p/acme-cli', (content) => {
      const { value } = content['versions'] as { value: { known: unknown } };
      return value.known;
    });
    // Each has one of its own.
    expect(overview.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const query of ['', '?range=7d', '?all=versions', '?range=12m', '?find=1.29']) {
      const path = `/p/acme-cli/versions${query}`;
      expect(await slotsOn(collector, path, ({ known }) => known), path).toEqual(overview);
    }
    const { text } = await collector.get('/p/acme-cli', HTML);
    const table = await collector.get('/p/acme-cli/versions', HTML);
    for (const [at, version] of NEWEST.entries()) {
      expect(keyOf(text, version)).toBe(`f${overview[at]}`);
      expect(keyOf(table.text, version)).toBe(`f${overview[at]}`);
    }
  });

  it('are given to no version on the page that everybody sees, and in its charts', async () => {
    const collector = await seed();
    const answer = await collector.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/acme-cli', headers: withToken() },
      payload: { visibility: 'detailed' },
    });
    expect(answer.statusCode).toBe(200);
    const { status, text } = await collector.stranger('/public/acme-cli', { accept: 'text/html' });
    expect(status).toBe(200);
    const embed = await collector.stranger('/v1/charts/versions.svg?project=acme-cli', {});
    expect(embed.status).toBe(200);
    for (const shown of [text, embed.text]) expect(shown).not.toMatch(/class="f[2-6]"/);
  });
});

/** The class of the mark before a version. */
const keyOf = (html: string, version: string): string | undefined =>
  new RegExp(
    `<g class="(f\\d)">(?:(?!</svg>).)*</svg>\\s*<bdi class="name" title="${version}"`,
  ).exec(html)?.[1];
