// @ts-check
import { bundleSource } from '../bundle-source.mjs';

/**
 * @typedef {object} Parts
 * @property {import('../counting/load-writer.mjs').OpenCountsWriter} openCountsWriter
 * @property {typeof import('../../collector/src/store/postgres/open-postgres-store.js').openNodeWriter} openNodeWriter
 * @property {typeof import('../../collector/src/store/postgres/open-postgres-store.js').readStoreFacts} readStoreFacts
 * @property {typeof import('../../collector/src/privacy/pepper.js').openPepper} openPepper
 * @property {typeof import('../../collector/src/privacy/pepper.js').pepperIdOf} pepperIdOf
 * @property {typeof import('../../collector/src/rules/uid.js').deriveUid} deriveUid
 * @property {typeof import('../../collector/test/postgres/support/cluster.js').startCluster} startCluster
 * @property {typeof import('../../collector/test/postgres/support/cluster.js').startStandby} startStandby
 * @property {new (url: string) => Client} Client
 *
 * @typedef {object} Client of `pg`
 * @property {(event: 'error', listener: () => void) => unknown} on
 * @property {() => Promise<unknown>} connect
 * @property {(sql: string) => Promise<{ rows: any[] }>} query
 * @property {() => Promise<void>} end
 */

/** What of the collector and of its tests is used without a process. @returns {Promise<Parts>} */
export const loadParts = () =>
  bundleSource(
    'scale-parts',
    `
    export { openCountsWriter } from './collector/src/store/sqlite/counts-writer.ts';
    export { openNodeWriter, readStoreFacts } from './collector/src/store/postgres/open-postgres-store.ts';
    export { openPepper, pepperIdOf } from './collector/src/privacy/pepper.ts';
    export { deriveUid } from './collector/src/rules/uid.ts';
    export { startCluster, startStandby } from './collector/test/postgres/support/cluster.ts';
    import pg from 'pg';
    export const { Client } = pg;
    `,
  );
