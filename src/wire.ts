/**
 * The wire format: what a report looks like between the client and a collector.
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
export type { JsonSchema } from './wire/report-schema.js';
export { reportBatchSchema, reportSchema } from './wire/report-schema.js';
