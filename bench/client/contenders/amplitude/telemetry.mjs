import { flush, init, track } from '@amplitude/analytics-node';

/** @param {string} endpoint @param {number} flushIntervalMs */
export async function start(endpoint, flushIntervalMs) {
  const settings = { serverUrl: `${endpoint}/2/httpapi`, flushIntervalMillis: flushIntervalMs };
  await init('bench', settings).promise;
  return {
    track: () => track('startup', undefined, { device_id: 'bench-device' }),
    flush: () => flush().promise,
    close: () => flush().promise,
  };
}
