import type { SharedStore } from '../store/shared-store.js';
import { type Audit, type AuditEntry, toAuditEntry } from './audit.js';

/** The audit log that nodes share. */
export const shareAudit = (
  store: Pick<SharedStore, 'append' | 'page'>,
  now: () => Date,
): Audit => ({
  record: (who, done) => store.append(toAuditEntry(now(), who, done)),
  page: async (limit, before) => {
    const { entries, next } = await store.page(limit, before);
    return { entries: entries as AuditEntry[], next }; // only this file appends
  },
});
