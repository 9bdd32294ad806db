// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How long counting may take until it is given up, in milliseconds. */
const COUNTED_WITHIN_MS = 600_000;

/** @typedef {import('./deliveries.mjs').Delivery} Delivery */

/** The first administrator's token of a folder. @param {string} data */
export const readToken = (data) => readFileSync(join(data, 'admin-token'), 'utf8').trim();

/**
 * Asks a collector in this process.
 *
 * @param {{ inject: (request: any) => Promise<{ statusCode: number, body: string, json: () => any }> }} app
 * @param {string} token of an administrator
 */
export function createAsk(app, token) {
  /** @param {any} request @param {readonly number[]} expected */
  const inject = async (request, expected) => {
    const answer = await app.inject(request);
    if (expected.includes(answer.statusCode)) return answer;
    throw new Error(`${request.method} ${request.url}: ${answer.statusCode} ${answer.body}`);
  };
  const headers = { authorization: `Bearer ${token}` };
  return {
    /** @param {string} method @param {string} url @param {object} payload */
    ask: async (method, url, payload) => {
      await inject({ method, url, headers, payload }, [200, 201]);
    },
    /** @param {Delivery} delivery */
    deliver: async ({ receivedAt, reports }) => {
      const payload = { sent_at: new Date(receivedAt).toISOString(), reports };
      // Of few people, all reports of a delivery may be those that are meant to be refused.
      await inject({ method: 'POST', url: '/v1/reports', payload }, [202, 422]);
    },
    /**
     * Resolves when all that was delivered is counted.
     *
     * @param {string} project whose answer is small
     * @param {Date} now of the collector
     */
    untilCounted: async (project, now) => {
      const url = `/v1/stats/summary?project=${project}`;
      const until = performance.now() + COUNTED_WITHIN_MS;
      // The answer waits for counting, and says up to when all is counted.
      while (performance.now() < until) {
        const answer = await inject({ method: 'GET', url, headers }, [200]);
        if (Date.parse(answer.json().as_of) >= now.getTime()) return;
      }
      throw new Error(`Counting takes longer than ${COUNTED_WITHIN_MS / 1000} seconds.`);
    },
  };
}
