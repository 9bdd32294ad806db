import { type Static, Type } from 'typebox';
import { isRange } from './compare-versions.js';

const range = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'A range of versions as npm writes it, such as <2 || 3.x',
});

/** Of each runtime or system, by its name. */
const ranges = Type.Record(Type.String({ pattern: '^[\\s\\S]{1,64}$' }), range, {
  maxProperties: 50,
});

/** The versions that a project no longer supports. */
export const endedSchema = Type.Object(
  {
    version: Type.Optional(range),
    runtime_version: Type.Optional({ ...ranges, description: 'By the name of the runtime' }),
    os_version: Type.Optional({ ...ranges, description: 'By the name of the system' }),
  },
  { additionalProperties: false },
);

/** The versions that a project no longer supports. */
export type EndedVersions = Static<typeof endedSchema>;

/** The first text of these that is no range of versions, by its JSON pointer. */
export function findBadRange(ended: EndedVersions): string | undefined {
  for (const [dimension, given] of Object.entries(ended)) {
    const named = typeof given === 'string' ? [['', given] as const] : Object.entries(given);
    for (const [name, text] of named) {
      if (!isRange(text)) return `/ended/${dimension}${name === '' ? '' : `/${name}`}`;
    }
  }
  return undefined;
}

/** The range that has ended, of a dimension and, where that has one, of a runtime or system. */
export function endedRange(
  ended: EndedVersions,
  dimension: keyof EndedVersions,
  of: string | null,
): string | undefined {
  if (dimension === 'version') return ended.version;
  const lower = of?.toLowerCase();
  const found = Object.entries(ended[dimension] ?? {}).find(
    ([name]) => name.toLowerCase() === lower,
  );
  return found?.[1];
}
