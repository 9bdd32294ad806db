import { expect } from 'vitest';
import type { Report } from '../../src/wire/report.js';
import { eventually } from './eventually.js';
import { outboxFiles } from './outbox-files.js';
import type { RunOptions, TestApp } from './run-app.js';

/** A program that tracks once; its end, or a later one's, delivers. */
export const TRACK_ONCE = `import { track } from 'headcount'; track(); console.log('done');`;

/** What is needed to see everything arrive. */
export interface Arrival {
  readonly app: TestApp;
  readonly accepted: () => readonly Report[];
  /** How many reports were tracked so far. */
  readonly tracked: number;
  readonly options?: RunOptions;
  /** Backoff may hold later runs for a minute. */
  readonly deadlineMs?: number;
}

/** Node's own warnings about its flags are no words of Headcount. */
const withoutWarnings = (stderr: string): string =>
  stderr.replace(/^\(node:\d+\) .*\n\(Use .*\n/gm, '');

/**
 * Runs `later.mjs`, which tracks once, again and again until all that was ever tracked has been
 * acknowledged and the outbox is empty; fails if a report was acknowledged twice.
 */
export async function expectAllArriveOnce(arrival: Arrival): Promise<void> {
  const { app, accepted, options = {}, deadlineMs = 90_000 } = arrival;
  let { tracked } = arrival;
  const end = Date.now() + deadlineMs;
  const ids = (): string[] => accepted().map((report) => String(report.report_id));
  for (;;) {
    const { code, stderr } = await app.run('later.mjs', options);
    expect({ code, stderr: withoutWarnings(stderr) }).toEqual({ code: 0, stderr: '' });
    tracked += 1;
    try {
      await eventually(
        () => ids().length >= tracked && outboxFiles(app.home).length === 0,
        `all of ${tracked} reports; ${ids().length} arrived, left: ${outboxFiles(app.home).join()}`,
        3_000,
      );
      break;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
  expect(new Set(ids()).size).toBe(tracked);
  expect(ids()).toHaveLength(tracked);
}
