/** Tests start the built files, since worker threads cannot run TypeScript. */
export { openCollector } from './collector.js';
export { openRelay } from './open-relay.js';
export { createLogger } from './logs/logger.js';
