import { type JsonSchema, MAX_BATCH_REPORTS, reportSchema } from 'headcount/wire';
import type { ErrorCode } from '../errors.js';
import { reportInputSchema } from './check-report.js';

/** The problems of report routes besides those of every body. */
export const REPORT_PROBLEMS: readonly ErrorCode[] = [
  'key_required',
  'key_wrong',
  'project_closed',
  'missing_field',
  'out_of_bounds',
  'nul_character',
  'rate_limited',
  'failing',
  'clock_jumped',
  'too_many_projects',
  'disk_full',
];

const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** The schema of one report in the OpenAPI document. */
export const ONE_REPORT: JsonSchema = { anyOf: [refTo('Report'), refTo('LeastReport')] };

/** The schema of one report or a batch in the OpenAPI document. */
export const REPORTS: JsonSchema = { anyOf: [ONE_REPORT, refTo('ReportBatch')] };

/** The schemas that the documented bodies refer to. */
export const bodySchemas = {
  Report: { ...reportSchema, description: 'A report as this release of the client sends it' },
  LeastReport: {
    ...reportInputSchema,
    title: 'LeastReport',
    description:
      'The least a report must have, which is what the first generation sends; whatever else it ' +
      'has and is not known here is left out and counted. An optional field that is null is like one ' +
      'that is not there. No text has a NUL character',
  },
  ReportBatch: {
    title: 'ReportBatch',
    type: 'object',
    required: ['reports'],
    properties: {
      sent_at: {
        type: ['string', 'null'],
        description:
          'The client’s clock when it sent them: wrong clocks are corrected by it. null is like a ' +
          'batch without it, and so is a value that cannot be read, which is counted',
      },
      reports: { type: 'array', minItems: 1, maxItems: MAX_BATCH_REPORTS, items: ONE_REPORT },
    },
  },
};
