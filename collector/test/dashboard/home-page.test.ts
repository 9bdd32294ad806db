import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { people } from '../support/shown-project.js';
import { NOW, startCollector } from '../support/start-collector.js';

const PAGE_TYPE = 'application/vnd.headcount.page+json';

/** The date of so many days before the running one. */
const ago = (days: number): string =>
  new Date(NOW.getTime() - days * 86_400_000).toISOString().slice(0, 10);

describe('the list of projects', () => {
  it('tells people on the running day, in 7 and 28 days with the change, and the last report', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      ...people(4, ago(10), 'before'),
      ...people(6, ago(2), 'lately'),
      ...people(3, ago(0), 'today'),
    ]);
    const { body } = await collector.stranger('/', { ...withToken(), accept: PAGE_TYPE });
    const [project] = (body['content'] as { projects: Record<string, unknown>[] }).projects;
    expect(project).toMatchObject({
      ...{ project: 'acme-cli', isPublic: false, today: 3 },
      week: { people: 6, change: 0.5 },
      month: { people: 10, change: 1.5 },
    });
    expect(Date.parse(String(project?.['lastReportAt']))).toBeLessThanOrEqual(NOW.getTime());
    const page = await collector.stranger('/', {
      ...withToken(),
      accept: 'text/html',
    });
    expect(page.text).toContain('+50.0%');
  });
});
