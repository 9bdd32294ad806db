import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { fullReport } from '../support/reports.js';
import { NOW, startCollector } from '../support/start-collector.js';

const DAY_MS = 86_400_000;
const dateBefore = (days: number): string =>
  new Date(NOW.getTime() - days * DAY_MS).toISOString().slice(0, 10);

/** Names in all dimensions are bounded by project, so only many full projects cost that much. */
const FULL_PROJECTS = 14;

it('refuses a question that costs too much, says what to ask, and answers a smaller one', async () => {
  const first = await startCollector();
  await first.post('/v1/reports', fullReport());
  await first.get('/v1/stats/summary');
  await first.close();
  const db = openWriter(join(first.data, 'counts.db'), { walPages: 1000 });
  const project = db.prepare('INSERT INTO projects(slug) VALUES (?)');
  const value = db.prepare(`INSERT INTO dims(project_id, dim, value) VALUES (?, 'version', ?)`);
  db.transaction(() => {
    for (let at = 0; at < FULL_PROJECTS; at++) {
      const id = project.run([`full-${at}`]).lastInsertRowid;
      for (let n = 0; n < 1000; n++) value.run([id, `${n}.0.${at}`]);
    }
  });
  db.close();

  const collector = await startCollector({ data: first.data });
  const year = `/v1/stats/adoption?dimension=version&from=${dateBefore(180)}&to=${dateBefore(0)}`;
  expect(await collector.get(year)).toMatchObject({
    status: 422,
    body: {
      code: 'too_costly',
      detail: expect.stringMatching(/Ask about one project, or fewer days\.$/) as string,
    },
  });
  expect(await collector.get(`${year}&project=acme-cli`)).toMatchObject({ status: 200 });
  const days = year.replace(dateBefore(180), dateBefore(20));
  expect(await collector.get(days)).toMatchObject({ status: 200 });
});
