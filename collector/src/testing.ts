/** What the tests start from the built files, worker threads included. */
export { openCollector } from './collector.js';
export { openCounting } from './counting/counting.js';
export { openJournal } from './journal/journal.js';
