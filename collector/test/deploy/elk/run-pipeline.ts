interface Settings {
  readonly field: string | readonly string[];
  readonly target_field?: string;
  readonly value?: unknown;
  readonly separator?: string;
  readonly ignore_missing?: boolean;
  readonly ignore_failure?: boolean;
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
  for (const [[kind = '', settings] = []] of processors.map((one) => Object.entries(one))) {
    if (settings === undefined) throw new Error('A processor has no settings.');
    const { field, target_field: target = '', ignore_missing: mayMiss = false } = settings;
    if (Array.isArray(field)) {
      if (kind !== 'remove') throw new Error(`${kind} takes one field.`);
      for (const path of fields.keys()) {
        if (field.some((one) => path === one || path.startsWith(`${one}.`))) fields.delete(path);
      }
      continue;
    }
    const name = String(field);
    const value = fields.get(name);
    if (kind === 'set') {
      fields.set(name, settings.value);
      continue;
    }
    if (value === undefined) {
      if (mayMiss || settings.if !== undefined) continue;
      throw new Error(`${kind}: ${name} is missing.`);
    }
    if (kind === 'rename') {
      if (fields.has(target)) throw new Error(`rename: ${target} is there already.`);
      fields.delete(name);
      fields.set(target, value);
    } else if (kind === 'date') {
      fields.set(target, new Date(String(value)).toISOString());
    } else if (kind === 'convert') {
      if (Number.isInteger(Number(value))) fields.set(target, Number(value));
      else if (settings.ignore_failure !== true) throw new Error(`convert: ${name} is no number.`);
    } else if (kind === 'join' && Array.isArray(value)) {
      fields.set(target, value.join(settings.separator));
    } else throw new Error(`No processor of the twin: ${kind}`);
  }
}
