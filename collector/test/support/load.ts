import { Agent, request } from 'node:http';
import type { Report } from 'headcount/wire';
import { fullReport, reportId } from './reports.js';

/** Posts JSON over a real connection; rejects when there is no answer. */
export function post(url: string, body: unknown, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json' }, ...(agent && { agent }) },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
      },
    );
    sending.on('error', reject);
    sending.end(JSON.stringify(body));
  });
}

export interface Load {
  /** Reports acknowledged so far. */
  readonly acknowledged: readonly Report[];
  /** Reports sent that may or may not have arrived: there was no answer. */
  readonly unanswered: readonly Report[];
  /** Reports that were answered with anything but 202. */
  readonly refused: readonly Report[];
  /** Ends once every sender has seen the collector go, or was told to stop. */
  readonly ended: Promise<void>;
  /** Lets each sender wait for the answer that it waits for, and no longer. */
  readonly stop: () => Promise<void>;
}

/** Sends single reports of ever new users over several connections until the collector goes, or `stop()`. */
export function startLoad(url: string, connections = 16): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const acknowledged: Report[] = [];
  const unanswered: Report[] = [];
  const refused: Report[] = [];
  let isStopped = false;
  const send = async (): Promise<void> => {
    while (!isStopped) {
      const report = fullReport({ anonymous_id: reportId() });
      try {
        const status = await post(`${url}/v1/reports`, report, agent);
        if (status !== 202) {
          refused.push(report);
          return;
        }
        acknowledged.push(report);
      } catch {
        unanswered.push(report);
        return;
      }
    }
  };
  const senders = Array.from({ length: connections }, send);
  const ended = Promise.all(senders).then(() => agent.destroy());
  const stop = (): Promise<void> => {
    isStopped = true;
    return ended;
  };
  return { acknowledged, unanswered, refused, ended, stop };
}
