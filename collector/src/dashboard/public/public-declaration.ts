import type { Field, Manifest } from 'headcount/wire';
import type { PublicDeclaration, PublicField } from '../../../web/page/public-content.js';

/** What a manifest tells people: which events, fields and values there are, and what they mean. */
export const publicDeclaration = ({ report, events }: Manifest): PublicDeclaration => ({
  report: Object.entries(report).map(([path, description]) => ({ path, description })),
  events: Object.entries(events).map(([name, { description, fields }]) => ({
    name,
    description,
    fields: Object.entries(fields).map(([field, declared]) => toField(field, declared)),
  })),
});

const toField = (name: string, field: Field): PublicField => ({
  name,
  description: field.description ?? null,
  kind: field.kind,
  values: 'values' in field ? field.values : [],
});
