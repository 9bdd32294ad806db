import ua from 'universal-analytics';

/** @param {string} endpoint */
export function start(endpoint) {
  const visitor = ua('UA-00000-1', { http: true, hostname: endpoint });
  /** @type {Set<Promise<unknown>>} */
  const pending = new Set();
  const flush = () => Promise.all(pending);
  return {
    track() {
      /** @type {Promise<unknown>} */
      const hit = new Promise((resolve) => visitor.event('app', 'startup', resolve));
      pending.add(hit);
      void hit.finally(() => pending.delete(hit));
    },
    flush,
    close: flush,
  };
}
