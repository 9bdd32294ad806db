import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { temporarySchema } from './support/temporary-schema.js';

it('keeps a folder whose settings are in a store from starting without it', async () => {
  const data = temporaryFolder();
  const store = await temporarySchema();
  const first = await startCollector({ data, store });
  await first.close();
  const mark = join(data, 'in-store');
  expect(existsSync(mark)).toBe(true);

  const start = startCollector({ data });
  await expect(start).rejects.toThrow(/are in the store .* give it with HEADCOUNT_STORE/);
  expect(existsSync(mark)).toBe(true);

  const other = startCollector({ data, store: await temporarySchema() });
  await expect(other).rejects.toThrow(/are in a store, and this one has none/);

  const again = await startCollector({ data, store });
  expect((await again.get('/readyz')).status).toBe(200);
});
