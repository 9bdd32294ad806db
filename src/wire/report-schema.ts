import { EVENT_NAME, FIELD_NAME } from './manifest.js';
import { CHANNELS, MAX_BATCH_REPORTS } from './report.js';

/** A JSON Schema, as validators accept it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const TIMESTAMP = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
};

/**
 * JSON Schema (2020-12) of one report as this client sends it. Collectors accept more: reports of
 * newer clients and of the first generation.
 */
export const reportSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Report',
  type: 'object',
  additionalProperties: false,
  required: ['report_id', 'anonymous_id', 'timestamp', 'project', 'event', 'lost_total', 'info'],
  properties: {
    report_id: {
      type: 'string',
      pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
    },
    anonymous_id: { type: 'string', pattern: '^([0-9a-f]{16}|ci-[a-z0-9-]{1,32})$' },
    owner: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    timestamp: TIMESTAMP,
    project: { type: 'string', minLength: 1, maxLength: 214 },
    event: { type: 'string', pattern: EVENT_NAME.source },
    lost_total: { type: 'integer', minimum: 0 },
    info: {
      type: 'object',
      additionalProperties: false,
      required: [
        'os',
        'os_version',
        'arch',
        'version',
        'runtime',
        'runtime_version',
        'id_source',
        'id_persisted',
        'ci',
        'container',
        'wsl',
        'agent',
        'channel',
        'level',
      ],
      properties: {
        os: { type: 'string', minLength: 1, maxLength: 32 },
        os_version: { type: 'string', pattern: '^(\\d+(\\.\\d+)?|unknown)$' },
        arch: { type: 'string', minLength: 1, maxLength: 32 },
        version: { type: 'string', minLength: 1, maxLength: 64 },
        runtime: { enum: ['node', 'bun', 'deno'] },
        runtime_version: { type: 'string', pattern: '^(\\d+\\.\\d+|unknown)$' },
        id_source: { enum: ['machine', 'time', 'copied', 'given', 'ci'] },
        id_persisted: { type: 'boolean' },
        ci: { type: ['string', 'null'], pattern: '^[a-z0-9-]{1,32}$' },
        container: { type: 'boolean' },
        wsl: { type: 'boolean' },
        agent: { type: ['string', 'null'], pattern: '^[a-z0-9-]{1,32}$' },
        channel: { enum: [...CHANNELS, null] },
        level: { enum: ['full', 'basic'] },
      },
    },
    fields: {
      type: 'object',
      propertyNames: { pattern: FIELD_NAME.source },
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      maxProperties: 64,
    },
  },
};

/** JSON Schema (2020-12) of a batch, the other body that `POST /v1/reports` accepts. */
export const reportBatchSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'ReportBatch',
  type: 'object',
  additionalProperties: false,
  required: ['sent_at', 'reports'],
  properties: {
    sent_at: TIMESTAMP,
    reports: { type: 'array', minItems: 1, maxItems: MAX_BATCH_REPORTS, items: reportSchema },
  },
};
