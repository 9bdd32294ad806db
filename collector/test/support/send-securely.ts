import { type Agent, request } from 'node:https';
import { fullReport, reportId } from './reports.js';

/** Sends a report of a new user of acme-cli by TLS. @returns The answer's status. */
export function sendSecurely(
  port: number,
  agent: Agent,
  servername = 'stats.acme.test',
): Promise<number> {
  const report = fullReport({ anonymous_id: reportId(), timestamp: new Date().toISOString() });
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        ...{ agent, port, host: '127.0.0.1', servername, path: '/v1/reports' },
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
      },
    );
    sending.on('error', reject);
    sending.end(JSON.stringify(report));
  });
}
