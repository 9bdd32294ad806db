/** Tests start the built files, since worker threads cannot run TypeScript. */
export { openCollector } from './collector.js';
export { createLogger } from './logs/logger.js';
