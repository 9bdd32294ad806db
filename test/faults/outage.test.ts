import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { startFaultServer } from '../support/fault-server.js';
import { queueFolder } from '../support/outbox-files.js';
import { createTestApp } from '../support/run-app.js';

interface Told {
  readonly tracked: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly queued: number;
}

/** The longest that the senders of a machine agree to wait, and time to see it. */
const BACK_WITHIN_MS = 120_000 + 15_000;

/** 1 000 events a second, each an own call, until SIGTERM; tells how it is twice a second. */
const SERVER = `
  import { createHeadcount } from 'headcount';
  const headcount = createHeadcount();
  let tracked = 0;
  const tell = () => {
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    console.log(JSON.stringify({ tracked, rssMb: rss / 1e6, heapMb: heapUsed / 1e6,
      queued: headcount.status().queued }));
  };
  let last = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(performance.now() - last);
    last += due;
    for (let i = 0; i < due; i += 1) { headcount.track(); tracked += 1; }
  }, 20);
  const teller = setInterval(tell, 500);
  process.once('SIGTERM', async () => {
    clearInterval(timer); clearInterval(teller);
    await headcount.close({ timeoutMs: 5_000 });
    tell();
  });`;

it(
  'a server app outlives outages: bounded, counted, and back to normal',
  { timeout: 4 * BACK_WITHIN_MS },
  async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      'server.mjs': SERVER,
      'later.mjs': `import { track } from 'headcount'; track();`,
    });
    const env = { HEADCOUNT_ENDPOINT: server.address, HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0' };
    const told: Told[] = [];
    let stop = (): unknown => undefined;
    const running = app.run('server.mjs', {
      env,
      nodeArgs: ['--expose-gc'],
      killAfterMs: 3 * BACK_WITHIN_MS,
      started(child) {
        stop = () => child.kill('SIGTERM');
        child.stdout?.on('data', (text: string) => {
          for (const line of text.split('\n').filter((part) => part.startsWith('{'))) {
            told.push(JSON.parse(line) as Told);
          }
        });
      },
    });
    const folder = queueFolder(app.home, server.address);
    const outbox = (): { bytes: number; reports: number } => {
      let bytes = 0;
      let reports = 0;
      for (const name of readdirSync(folder)) {
        try {
          const size = statSync(join(folder, name)).size;
          bytes += size;
          reports += size / 350; // no line is as short
        } catch {
          // sent or renamed meanwhile
        }
      }
      return { bytes, reports };
    };
    const tracked = (): number => told.at(-1)?.tracked ?? 0;
    const outage = async (events: number): Promise<void> => {
      await server.refuse();
      const until = tracked() + events;
      await eventually(
        () => {
          // The open segment may be over by what came since it was last looked at.
          expect(outbox().bytes).toBeLessThan(1.5 * 1024 * 1024);
          return tracked() >= until;
        },
        'the outage to have lasted',
        40_000,
      );
      await server.heal();
      const before = server.accepted().length;
      await eventually(
        () => server.accepted().length > before + 500,
        'reports again',
        BACK_WITHIN_MS,
      );
    };
    await eventually(() => server.accepted().length > 500, 'reports at first');
    await outage(5_000);
    await eventually(() => told.length > 0, 'a word');
    const afterFirst = told.at(-1);
    await outage(5_000);
    const afterSecond = told.at(-1);
    stop();
    const { code, signal, stderr } = await running;
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });

    expect((afterSecond?.heapMb ?? 99) - (afterFirst?.heapMb ?? 0)).toBeLessThan(8);
    expect((afterSecond?.rssMb ?? 999) - (afterFirst?.rssMb ?? 0)).toBeLessThan(60);

    await eventually(() => exitChildren(app.home).length === 0, 'no child left', 20_000);
    await app.run('later.mjs', { env });
    const total = tracked() + 1;
    const ids = (): Set<string> =>
      new Set(server.accepted().map((report) => String(report.report_id)));
    const lost = (): number => Math.max(...server.accepted().map((report) => report.lost_total));
    await eventually(
      () => ids().size + lost() === total,
      `${total} tracked = arrived + lost_total`,
      15_000,
    ).catch(() => expect({ arrived: ids().size, lost: lost() }).toEqual({ sum: total }));
    expect(lost()).toBeGreaterThan(0);
    expect(server.accepted()).toHaveLength(ids().size);
  },
);
