import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const HTML = { ...withToken(), accept: 'text/html' };

async function seed(): Promise<TestCollector> {
  const collector = await startCollector({ visibility: 'detailed' });
  await reportVisits(collector, [
    { user: 'ada', at: '2026-11-18', os: 'Linux' },
    { user: 'bob', at: '2026-11-20', os: 'Darwin' },
  ]);
  return collector;
}

describe('the address of a page', () => {
  it('keeps in its links what pages know, and nothing else', async () => {
    const collector = await seed();
    const strange = 'strange'.repeat(1000);
    for (const path of ['/', '/p/acme-cli', '/p/acme-cli/versions', '/public/acme-cli']) {
      const { status, text } = await collector.get(
        `${path}?range=7d&x=${strange}&find=${strange}`,
        HTML,
      );
      expect([path, status]).toEqual([path, 200]);
      expect(text).not.toContain('strange');
      expect(text).toContain('range=7d');
    }
  });

  it('that asks for the CSV of a chart that is not there leads to nothing', async () => {
    const collector = await seed();
    for (const path of ['/p/acme-cli', '/p/acme-cli/live', '/public/acme-cli', '/']) {
      for (const csv of ['nothing', '']) {
        const page = await collector.get(`${path}?csv=${csv}`, HTML);
        expect([path, page.status]).toEqual([path, 404]);
        expect(page.text).toContain('There is nothing here');
        expect(page.text).not.toContain('csv=');
      }
    }
    const { status, headers } = await collector.get('/public/acme-cli?csv=active', HTML);
    expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
  });
});

describe('a system', () => {
  it.each(['/p/acme-cli/live', '/p/acme-cli/systems', '/p/acme-cli?day=2026-11-20'])(
    'has the name that its people call it on %s',
    async (path) => {
      const { text } = await (await seed()).get(path, HTML);
      const [drawn = ''] = text.split('<script type="application/json"');
      expect(drawn).toContain('macOS');
      expect(drawn).not.toContain('Darwin');
    },
  );
});
