import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PROOF = 'ab'.repeat(32);
const ID = '9f86d081884c7d65';
const owner = createHash('sha256').update(PROOF).digest('hex').slice(0, 32);

const OWN = { 'sec-fetch-site': 'same-origin', accept: 'text/html' };

async function seed(): Promise<TestCollector> {
  const collector = await startCollector();
  await collector.post('/v1/reports', { ...fullReport(), anonymous_id: ID, owner });
  return collector;
}

const send = (
  { app }: TestCollector,
  fields: Record<string, string>,
  headers: Record<string, string> = OWN,
) =>
  app.inject({
    method: 'POST',
    url: '/your-data',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({
      project: 'acme-cli',
      anonymous_id: ID,
      proof: PROOF,
      ...fields,
    }).toString(),
  });

describe('the page on your data', () => {
  it('shows, gives and deletes what is kept of an ID, for the proof of its owner', async () => {
    const collector = await seed();
    const shown = await send(collector, {});
    expect(shown.statusCode).toBe(200);
    expect(shown.headers['cache-control']).toBe('no-store');
    expect(shown.body).toContain('id="kept"');
    const given = await send(collector, { step: 'download' });
    expect(given.headers['content-disposition']).toBe('attachment; filename="your-data.json"');
    expect(given.json()).toMatchObject({ project: 'acme-cli', total_reports: 1 });
    // Not without the confirmation.
    expect((await send(collector, { step: 'delete' })).body).not.toContain('class="receipt"');
    const deleted = await send(collector, { step: 'delete', confirmed: 'yes' });
    expect(deleted.statusCode).toBe(200);
    expect(deleted.body).toContain('class="receipt"');
    expect(deleted.body).not.toContain(PROOF);
    expect((await send(collector, {})).statusCode).toBe(404);
  });

  it('names the command that prints ID and proof', async () => {
    const { app } = await startCollector();
    const headers = { accept: 'text/html' };
    const page = await app.inject({ url: '/your-data?project=acme-cli', headers });
    expect(page.body).toContain('<code>npx headcount show --proof --project acme-cli</code>');
    const unnamed = await app.inject({ url: '/your-data?lang=zh', headers });
    expect(unnamed.body).toContain('npx headcount show --proof --project &lt;project');
  });

  it('answers a wrong proof as an unknown ID', async () => {
    const collector = await seed();
    const wrong = await send(collector, { proof: 'cd'.repeat(32) });
    const unknown = await send(collector, {
      proof: 'cd'.repeat(32),
      anonymous_id: '0123456789abcdef',
    });
    expect([wrong.statusCode, unknown.statusCode]).toEqual([404, 404]);
    const plain = (body: string): string =>
      body.replaceAll('0123456789abcdef', ID).replace(/"madeAt":"[^"]+"/g, '');
    expect(plain(wrong.body)).toBe(plain(unknown.body));
  });

  it('takes the form of its own page alone', async () => {
    const collector = await seed();
    const foreign = { ...OWN, 'sec-fetch-site': 'cross-site' };
    const answer = await send(collector, { step: 'delete', confirmed: 'yes' }, foreign);
    expect(answer.statusCode).toBe(403);
    expect((await send(collector, {})).statusCode).toBe(200);
  });
});
