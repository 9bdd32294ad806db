import { describe, expect, it, onTestFinished } from 'vitest';
import { openNodeWriter, openReaderAt } from '../../src/store/postgres/open-postgres-store.js';
import type { Batch } from '../../src/store/store.js';
import { countedReport as report, noon, TODAY, uidOf } from '../support/counted-report.js';
import { startNodes } from './support/start-nodes.js';
import { temporarySchema } from './support/temporary-schema.js';

const nothing = { reports: [], deletions: [], appliedAt: noon(TODAY) };

describe('the state of a shared store', () => {
  it('is another one after each change by any node, and the same while nothing changes', async () => {
    const address = await temporarySchema();
    const open = (node: string) => openNodeWriter(address, { node, openedAt: 0 });
    const [first, second] = [await open('first'), await open('second')];
    const reader = openReaderAt(address);
    onTestFinished(async () => {
      for (const one of [reader, first, second]) await one.close();
    });
    const seen: (string | null)[] = [];
    const look = async (): Promise<void> => void seen.push(await reader.state());
    const apply = async (batch: Partial<Batch> & Pick<Batch, 'journalId' | 'after' | 'upTo'>) => {
      await (batch.journalId === 'first' ? first : second).apply({ ...nothing, ...batch });
      await look();
    };
    await look();
    await apply({ journalId: 'first', after: 0, upTo: 1, reports: [report()] });
    await apply({ journalId: 'second', after: 0, upTo: 1, reports: [report({ user: 'bob' })] });
    const deletion = { project: 'acme', uid: uidOf('bob'), ownerHash: null };
    const deletions = [{ ...deletion, deletedAt: noon(TODAY) + 1 }];
    await apply({ journalId: 'first', after: 1, upTo: 2, deletions });
    await second.drop({
      ...{ what: 'keys', days: 1, today: TODAY + 30, after: null, limitMs: 1000, isDry: false },
    });
    await look();
    expect(new Set(seen).size).toBe(seen.length);

    await reader.summary({ project: 'acme', day: TODAY });
    expect(await first.position('first')).toBe(2);
    expect(await second.hasWork()).toBe(false);
    const known = seen.at(-1);
    seen.length = 0;
    await look();
    expect(seen).toEqual([known]);
  });
});

describe('two collectors on one store', () => {
  it('never call an answer current in which what the other has counted is missing', async () => {
    const store = await temporarySchema();
    const [one, other] = await startNodes([{ store }, { store }]);
    if (!one || !other) throw new Error('There are two.');
    const send = (user: string) =>
      one.post('/v1/reports', {
        reports: [
          {
            ...{ anonymous_id: user, timestamp: '2026-11-22T20:00:00.000Z', project: 'acme' },
            info: { os: 'Linux', version: '1.0.0' },
          },
        ],
      });
    const url = '/v1/stats/summary?project=acme';
    expect((await send('ann')).status).toBe(202);
    // Asked where it was sent, it is counted.
    expect((await one.get(url)).body).toMatchObject({ total_reports: 1 });
    const before = await other.get(url);
    expect(before.body).toMatchObject({ total_reports: 1 });
    const current = { 'if-none-match': String(before.headers['etag']) };
    expect((await other.get(url, current)).status).toBe(304);

    expect((await send('bob')).status).toBe(202);
    expect((await one.get(url)).body).toMatchObject({ total_reports: 2 });
    const after = await other.get(url, current);
    expect(after.status).toBe(200);
    expect(after.body).toMatchObject({ total_reports: 2 });
  });
});
