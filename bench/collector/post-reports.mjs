// @ts-check
import { setTimeout as pause } from 'node:timers/promises';

const BATCH = 500;
const AT_ONCE = 4;
const TRY_AGAIN_MS = 200;

/**
 * Posts reports in batches until all of them are acknowledged.
 *
 * @param {string} url
 * @param {number} count
 * @param {(index: number) => object} reportOf
 * @param {(text: string) => void} progress
 */
export async function postReports(url, count, reportOf, progress) {
  let next = 0;
  const postBatches = async () => {
    while (next < count) {
      const first = next;
      next = Math.min(count, first + BATCH);
      const reports = Array.from({ length: next - first }, (_, index) => reportOf(first + index));
      progress(`${first} of ${count} reports posted`);
      await postBatch(url, JSON.stringify({ sent_at: new Date().toISOString(), reports }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, postBatches));
}

/** @param {string} url @param {string} body */
async function postBatch(url, body) {
  const headers = { 'content-type': 'application/json' };
  for (;;) {
    const response = await fetch(`${url}/v1/reports`, { method: 'POST', headers, body });
    const answer = await response.text();
    if (response.status === 202) return;
    if (response.status !== 503 && response.status !== 507) throw new Error(answer);
    await pause(TRY_AGAIN_MS);
  }
}
