/**
 * The wire format: what a report looks like between the client and a collector, and the manifest
 * that says what it may hold.
 *
 * @packageDocumentation
 */
export type {
  FieldValue,
  IdSource,
  RejectedReport,
  Report,
  ReportBatch,
  ReportInfo,
  Verdict,
} from './wire/report.js';
export { MAX_BATCH_REPORTS, STARTUP_EVENT } from './wire/report.js';
export { eventsHash } from './wire/events-hash.js';
export type {
  BooleanField,
  BucketField,
  CountField,
  EnumField,
  Field,
  Manifest,
  ManifestEvent,
  ManifestEvents,
  SemverField,
} from './wire/manifest.js';
export {
  bucketLabels,
  DECLARATION_LIMITS,
  declaredField,
  EVENT_NAME,
  FIELD_NAME,
  isAllowedValue,
} from './wire/manifest.js';
export { manifestSchema } from './wire/manifest-schema.js';
export type { JsonSchema } from './wire/report-schema.js';
export { reportBatchSchema, reportSchema } from './wire/report-schema.js';
