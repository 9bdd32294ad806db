import type { Field, ManifestEvent } from 'headcount/wire';
import type { EventFields, FeatureUnit, FieldUse } from '../../../web/page/features-content.js';
import type { Asked } from '../gather.js';
import { askValueShares } from './ask-values.js';
import { areOrdered, binNumbers, MOST_BARS, orderValues } from './order-values.js';

/** Fields of an event may have so many values, and more in answers to older manifests. */
const MOST_VALUES = 1000;

/** A chart for each of more would take long to gather. */
const MOST_FIELDS = 32;

/** The fields of an event: those that are declared, in their order, then those that have come. */
export const fieldsOf = (
  event: string,
  declared: ManifestEvent | undefined,
  seen: readonly string[],
): readonly string[] => [
  ...new Set([
    ...Object.keys(declared?.fields ?? {}),
    ...seen
      .filter((name) => name.startsWith(`${event}.`))
      .map((name) => name.slice(event.length + 1)),
  ]),
];

/** Asks how people, or reports, spread over the values of an event's fields. */
export async function askFields(
  asked: Pick<Asked, 'need' | 'view'>,
  event: string,
  names: readonly string[],
  { unit, declared }: { readonly unit: FeatureUnit; readonly declared: ManifestEvent | undefined },
): Promise<EventFields> {
  const ask = async (name: string): Promise<FieldUse> => {
    const field = declared?.fields[name];
    const of = { dimension: `field:${event}.${name}`, limit: MOST_VALUES };
    const values = await askValueShares(asked, { ...of, metric: unit });
    const common = { name, kind: field?.kind ?? null, allowed: allowedOf(field) };
    if (!areOrdered(values)) return { ...common, shape: 'values', unit, values };
    const isLong = values.rows.length > MOST_BARS && field?.kind !== 'bucket';
    if (!isLong) return { ...common, shape: 'ranges', unit, values: orderValues(values, field) };
    const reports =
      unit === 'reports' ? values : await askValueShares(asked, { ...of, metric: 'reports' });
    return { ...common, shape: 'ranges', unit: 'reports', values: binNumbers(reports) };
  };
  return { event, fields: await Promise.all(names.slice(0, MOST_FIELDS).map(ask)) };
}

const allowedOf = (field: Field | undefined): number | null =>
  field?.kind === 'enum' || field?.kind === 'bucket' ? field.values.length : null;
