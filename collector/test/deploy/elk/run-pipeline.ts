interface Settings {
  readonly field: string | readonly string[];
  readonly target_field?: string;
  readonly value?: unknown;
  readonly separator?: string;
  readonly ignore_missing?: boolean;
  readonly if?: string;
}

export interface Pipeline {
  readonly processors: readonly Readonly<Record<string, Settings>>[];
}

/** A document by the paths of its fields, as Elasticsearch names them. */
export type Fields = Map<string, unknown>;

/** Makes the fields of a document; arrays are values. */
export function fieldsOf(value: object, before = ''): Fields {
  const fields: Fields = new Map();
  for (const [name, one] of Object.entries(value) as [string, unknown][]) {
    if (typeof one === 'object' && one !== null && !Array.isArray(one)) {
      for (const [path, leaf] of fieldsOf(one, `${before}${name}.`)) fields.set(path, leaf);
    } else fields.set(before + name, one);
  }
  return fields;
}

/**
 * A naive twin of the processors that the pipeline uses, by what the manual of Elasticsearch says of
 * them. @throws At any other.
 */
export function runPipeline({ processors }: Pipeline, fields: Fields): void {
  for (const [kind, settings] of processors.flatMap((one) => Object.entries(one))) {
    const { field, target_field: target = '', ignore_missing: mayMiss = false } = settings;
    if (settings.if !== undefined && !holds(settings.if, fields)) continue;
    if (typeof field !== 'string') {
      if (kind !== 'remove') throw new Error(`${kind} takes one field.`);
      for (const path of fields.keys()) {
        if (field.some((one) => path === one || path.startsWith(`${one}.`))) fields.delete(path);
      }
      continue;
    }
    const value = fields.get(field);
    if (kind === 'set') {
      fields.set(field, settings.value);
      continue;
    }
    if (value === undefined) {
      if (mayMiss) continue;
      throw new Error(`${kind}: ${field} is missing.`);
    }
    if (kind === 'rename') {
      if (fields.has(target)) throw new Error(`rename: ${target} is there already.`);
      fields.delete(field);
      fields.set(target, value);
    } else if (kind === 'date' && typeof value === 'string') {
      fields.set(target, new Date(value).toISOString());
    } else if (kind === 'join' && Array.isArray(value)) {
      fields.set(target, value.join(settings.separator));
    } else throw new Error(`No processor of the twin: ${kind}`);
  }
}

/** The one kind of condition that the pipeline has: of the type of a field. */
function holds(condition: string, fields: Fields): boolean {
  const [, path = '', type] = /^ctx\.([\w?.]+) instanceof (String|List)$/.exec(condition) ?? [];
  const value = fields.get(path.replaceAll('?', ''));
  if (type === 'String') return typeof value === 'string';
  if (type === 'List') return Array.isArray(value);
  throw new Error(`No condition of the twin: ${condition}`);
}
