/**
 * The wire format: the reports that a client sends to a collector, and the manifest that lists
 * what they may contain.
 *
 * @packageDocumentation
 */
export type {
  Channel,
  FieldValue,
  IdSource,
  Level,
  RejectedReport,
  Report,
  ReportBatch,
  ReportInfo,
  Verdict,
} from './wire/report.js';
export { ALIVE_EVENT, CHANNELS, MAX_BATCH_REPORTS, STARTUP_EVENT } from './wire/report.js';
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
