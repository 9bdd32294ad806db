import { DECLARATION_LIMITS, EVENT_NAME, FIELD_NAME, type ListedFact } from './manifest.js';
import type { JsonSchema } from './report-schema.js';

const LIMITS = DECLARATION_LIMITS;
const description = { type: 'string', minLength: 1, maxLength: LIMITS.descriptionCharacters };
const word = { type: 'string', minLength: 1, maxLength: LIMITS.valueCharacters };

const LISTED_FACTS: readonly ListedFact[] = [
  'os',
  'version',
  'os_version',
  'arch',
  'runtime',
  'runtime_version',
  'agent',
];
const list = {
  type: 'array',
  maxItems: LIMITS.listedValues,
  uniqueItems: true,
  items: word,
};

const field = (kind: string, properties: Record<string, object> = {}): object => ({
  type: 'object',
  additionalProperties: false,
  required: ['kind', ...Object.keys(properties)],
  properties: { kind: { const: kind }, ...properties, description },
});

/**
 * JSON Schema (2020-12) of a manifest. It cannot express that a bucket's `bounds` ascend and that
 * its `values` are their labels.
 */
export const manifestSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Manifest',
  type: 'object',
  additionalProperties: false,
  required: ['manifest_version', 'project', 'report', 'events'],
  properties: {
    manifest_version: { const: 1 },
    project: { type: 'string', minLength: 1, maxLength: 214 },
    report: { type: 'object', additionalProperties: description },
    facts: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(LISTED_FACTS.map((name) => [name, list])),
    },
    events: {
      type: 'object',
      maxProperties: LIMITS.events + 2, // every project also has `startup` and `alive`
      propertyNames: { pattern: EVENT_NAME.source },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['description', 'fields'],
        properties: {
          description,
          fields: {
            type: 'object',
            maxProperties: LIMITS.fieldsPerEvent,
            propertyNames: { pattern: FIELD_NAME.source },
            additionalProperties: {
              oneOf: [
                field('enum', {
                  values: {
                    type: 'array',
                    minItems: 1,
                    maxItems: LIMITS.valuesPerField,
                    uniqueItems: true,
                    items: word,
                  },
                }),
                field('boolean'),
                field('bucket', {
                  bounds: {
                    type: 'array',
                    minItems: 1,
                    maxItems: LIMITS.bounds,
                    uniqueItems: true,
                    items: { type: 'integer', minimum: 1, maximum: LIMITS.maxBound },
                  },
                  values: {
                    type: 'array',
                    minItems: 2,
                    maxItems: LIMITS.bounds + 1,
                    uniqueItems: true,
                    items: word,
                  },
                }),
                field('semver'),
                field('count', { max: { type: 'integer', minimum: 1, maximum: LIMITS.maxCount } }),
              ],
            },
          },
        },
      },
    },
  },
};
