import { setTimeout as wait } from 'node:timers/promises';
import { post } from './load.js';
import { fullReport, reportId } from './reports.js';

/** An ordinary client, while others misbehave. */
export interface Bystander {
  /** Ends it; gives what it saw. */
  stop(): Promise<{ answers: readonly number[]; slowestMs: number }>;
}

/** Sends a report every 20 ms, over a new connection each time. */
export function startBystander(url: string): Bystander {
  const answers: number[] = [];
  let slowestMs = 0;
  let stopped = false;
  const run = async (): Promise<void> => {
    while (!stopped) {
      const started = performance.now();
      answers.push(await post(`${url}/v1/reports`, fullReport({ anonymous_id: reportId() })));
      slowestMs = Math.max(slowestMs, performance.now() - started);
      await wait(20);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopped = true;
      await running;
      return { answers, slowestMs };
    },
  };
}
