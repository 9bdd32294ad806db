import { bucketLabels, manifestSchema, type Field, type Manifest } from 'headcount/wire';
import { Compile } from 'typebox/compile';

/** What is wrong with a manifest, and where. */
export interface ManifestFault {
  /** JSON pointer. */
  readonly path: string;
  readonly detail: string;
}

const validator = Compile(manifestSchema);

/** Checks a manifest; gives what is wrong first, or `undefined`. */
export function findManifestFault(value: unknown): ManifestFault | undefined {
  if (!validator.Check(value)) {
    const [error] = validator.Errors(value);
    const path = error?.instancePath ?? '';
    return { path, detail: `It ${error?.message ?? 'is not a manifest'}.` };
  }
  const { events } = value as Manifest;
  for (const [event, { fields }] of Object.entries(events)) {
    for (const [name, field] of Object.entries(fields)) {
      const detail = findBucketFault(field);
      if (detail !== undefined) return { path: `/events/${event}/fields/${name}`, detail };
    }
  }
  return undefined;
}

function findBucketFault(field: Field): string | undefined {
  if (field.kind !== 'bucket') return undefined;
  const { bounds, values } = field;
  const ascend = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? 0));
  if (!ascend) return 'The bounds must ascend.';
  const labels = bucketLabels(bounds);
  const fit = labels.length === values.length && labels.every((label, n) => label === values[n]);
  return fit ? undefined : `The values must be the labels of the bounds: ${labels.join(', ')}.`;
}
