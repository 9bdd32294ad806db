import { Writable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import type { Counting } from '../../src/counting/counting.js';
import { createLogger } from '../../src/logs/logger.js';
import { watchFullPlaces } from '../../src/stats/full-places-watch.js';
import { createMemoryStore } from '../memory-store/memory-store.js';
import { countedReport, noon, TODAY } from '../support/counted-report.js';
import { until } from '../support/until.js';

it('warns once of a dimension that is over 80 % full, and says when it has room again', async () => {
  const { writer, reader } = createMemoryStore();
  let log = '';
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString();
      done();
    },
  });
  const listeners = new Set<Parameters<Counting['onCounted']>[0]>();
  const watch = watchFullPlaces({
    counting: { onCounted: (listener) => (listeners.add(listener), () => undefined) },
    store: reader,
    logger: createLogger('info', sink),
    lookEveryMs: 1,
  });
  onTestFinished(() => watch.close());
  let position = 0;
  const count = async (from: number, to: number, day = TODAY): Promise<void> => {
    const reports = Array.from({ length: to - from }, (_, n) =>
      countedReport({ user: `u${from + n}`, version: `1.${from + n}.0`, day, receivedDay: day }),
    );
    const after = position;
    position += reports.length;
    const place = { journalId: 'j', after, upTo: position, appliedAt: noon(day), deletions: [] };
    await writer.apply({ ...place, reports });
    for (const listener of listeners) listener('this-node');
  };
  await count(0, 801);
  await until('it is warned of', () => Promise.resolve(log.includes('over 80 % full')));
  expect(JSON.parse(log.split('\n')[0] ?? '')).toMatchObject({
    ...{ level: 'warn', project: 'acme', of: 'dimension_values', dimension: 'version' },
    ...{ used: 801, limit: 1000 },
  });
  await count(801, 802);
  await until('it was looked at again', () => Promise.resolve(watch.full[0]?.used === 802));
  expect(log.match(/over 80 % full/g)).toHaveLength(1);
  await count(500, 501, TODAY + 1);
  await until('it has room', () => Promise.resolve(log.includes('has room again')));
  expect(watch.full).toEqual([]);
});
