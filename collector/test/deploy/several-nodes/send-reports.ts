import { Agent } from 'node:https';
import { fullReport, reportId } from '../../support/reports.js';
import { ask } from '../proxies/ask.js';

export interface Senders {
  /** How many reports were acknowledged. */
  readonly acknowledged: () => number;
  /** What else was answered, or why there was no answer; each is sent again, as clients do. */
  readonly failures: readonly string[];
  /** Lets each sender finish its report. */
  readonly stop: () => Promise<void>;
}

/** Sends single reports of ever new people through a proxy, over several connections. */
export function sendReports(port: number, ca: string, connections = 4): Senders {
  let acknowledged = 0;
  let isOver = false;
  const failures: string[] = [];
  const send = async (client: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!isOver) {
      const report = { anonymous_id: reportId(), timestamp: new Date().toISOString() };
      const body = JSON.stringify(fullReport({ ...report, report_id: reportId() }));
      for (let isTaken = false; !isTaken;) {
        const answer = await ask({
          ...{
            port,
            ca,
            agent,
            body,
            path: '/headcount/v1/reports',
            from: `127.2.0.${client + 1}`,
          },
          headers: { 'content-type': 'application/json' },
        }).then(
          ({ status, text }) => ({ status, text }),
          (error: Error) => ({ status: 0, text: error.message }),
        );
        isTaken = answer.status === 202;
        if (!isTaken) failures.push(`${answer.status} ${answer.text}`);
      }
      acknowledged++;
    }
    agent.destroy();
  };
  const senders = Array.from({ length: connections }, (_, client) => send(client));
  return {
    ...{ acknowledged: () => acknowledged, failures },
    stop: async () => {
      isOver = true;
      await Promise.all(senders);
    },
  };
}
