/** What the tests start from the built files, worker threads included. */
export { openCollector } from './collector.js';
