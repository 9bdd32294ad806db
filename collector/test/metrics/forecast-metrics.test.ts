import { expect, it } from 'vitest';
import { DAY_MS } from '../support/counted-report.js';
import { scrape, valuesOf } from '../support/read-metrics.js';
import { seedDays } from '../support/seed-days.js';
import { NOW, startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const TODAY = Math.floor(NOW.getTime() / DAY_MS);

it('tells what was expected of the last complete day, and whether it was left', async () => {
  const data = temporaryFolder();
  await seedDays(data, NOW, { steady: 100, fallen: 20 });
  let ms = 0;
  const collector = await startCollector({ data, monotonicMs: () => (ms += 10_000) });
  await until('it is known', async () => {
    const left = valuesOf(await scrape(collector), 'forecast_left', 'project');
    return Object.keys(left).length === 2;
  });
  const metrics = await scrape(collector);
  expect(valuesOf(metrics, 'forecast_left', 'project')).toEqual({ steady: 0, fallen: 1 });
  const [low, high, observed] = ['low', 'high', 'observed'].map((name) =>
    valuesOf(metrics, `forecast_${name}_users`, 'project'),
  );
  const date = new Date((TODAY - 1) * DAY_MS).toISOString().slice(0, 10);
  for (const project of ['steady', 'fallen']) {
    const query = `project=${project}&from=${date}&to=${date}`;
    const { body } = await collector.get(`/v1/stats/forecast?${query}`);
    expect(body['rows']).toMatchObject([
      { low: low?.[project], high: high?.[project], observed: observed?.[project] },
    ]);
  }
});
