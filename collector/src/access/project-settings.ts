import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { createTurns } from '../create-turns.js';
import { hasCode } from '../has-code.js';
import { isZone } from '../rules/day.js';
import { endedSchema } from '../rules/ended-versions.js';
import { VISIBILITIES } from '../rules/visibility.js';
import { writeDurably } from '../write-durably.js';
import { noteSchema } from './annotations.js';

const settingsSchema = Type.Object(
  {
    status: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
    created_at: Type.String(),
    /** An IANA time zone; the collector's by default. */
    timezone: Type.Optional(Type.String()),
    /** What requests without a token see; the collector's setting by default. */
    visibility: Type.Optional(Type.Enum([...VISIBILITIES])),
    /** Who is counted, in the project's own words. */
    coverage: Type.Optional(Type.String()),
    /** Whether everybody may have its badge; not by default. */
    badge: Type.Optional(Type.Boolean()),
    /** The versions that the project no longer supports. */
    ended: Type.Optional(endedSchema),
    /** Whether its people are invented, as those of a demo: answers and pages say so. */
    invented: Type.Optional(Type.Boolean()),
    /** What the administrator has noted about days. */
    annotations: Type.Optional(Type.Array(noteSchema)),
    /** SHA-256 of the key that reports must come with, in hex. */
    write_key_sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
    /** All of this, and the manifest, is removed, and comes back if the cleaning is undone. */
    removed: Type.Optional(
      Type.Object(
        {
          /** The ID of the cleaning. */
          cleaning: Type.String(),
          /** When it can no longer be undone, in ISO 8601. */
          until: Type.String(),
          /** Whether there were settings, and not a manifest alone. */
          had_settings: Type.Boolean(),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

const fileSchema = Compile(
  Type.Object(
    { version: Type.Literal(1), projects: Type.Record(Type.String(), settingsSchema) },
    { additionalProperties: false },
  ),
);

const checker = Compile(settingsSchema);

/** Whether a value is the settings of a project. */
export const isProjectSettings = (value: unknown): value is ProjectSettings =>
  checker.Check(value) && (value.timezone === undefined || isZone(value.timezone));

/** The text of a file without settings. */
export const EMPTY_SETTINGS = '{"version":1,"projects":{}}';

/** The administrator's settings for a project. */
export type ProjectSettings = Readonly<Static<typeof settingsSchema>>;

/** With which cleaning a project was removed. */
export type Removal = NonNullable<ProjectSettings['removed']>;

/** The settings file cannot be used. The message says why. */
export class ProjectSettingsError extends Error {
  override readonly name = 'ProjectSettingsError';
}

/** The settings of all projects. */
export interface ProjectSettingsFile {
  readonly all: ReadonlyMap<string, ProjectSettings>;
  /** @throws `ChangedMeanwhileError` if another node has changed them, as {@link all} then shows. */
  save(project: string, settings: ProjectSettings): Promise<void>;
  remove(project: string): Promise<void>;
}

/** Reads the file, which may be missing. @throws {@link ProjectSettingsError} */
export function openProjectSettings(path: string): ProjectSettingsFile {
  const all = new Map(readSettings(path));
  const inTurn = createTurns();
  const change = (edit: (settings: Map<string, ProjectSettings>) => void): Promise<void> =>
    inTurn(async () => {
      const next = new Map(all);
      edit(next);
      await writeProjectSettings(path, next);
      edit(all);
    });
  return {
    all,
    save: (project, settings) => change((next) => void next.set(project, settings)),
    remove: (project) => change((next) => void next.delete(project)),
  };
}

/** Writes the file anew. */
export async function writeProjectSettings(
  path: string,
  all: ReadonlyMap<string, ProjectSettings>,
): Promise<void> {
  const file = { version: 1, projects: Object.fromEntries(all) };
  await writeDurably(path, `${JSON.stringify(file, undefined, 2)}\n`);
}

function readSettings(path: string): [string, ProjectSettings][] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
  const value = parse(text);
  if (!fileSchema.Check(value)) {
    // Starting without the settings would open closed projects.
    throw new ProjectSettingsError(
      `${path} is damaged. Put a copy of it back, or restore a backup. To begin without settings, ` +
        `write ${EMPTY_SETTINGS} into it: then closed projects are open, hidden ones are shown, and ` +
        'reports need no key.',
    );
  }
  for (const [project, { timezone }] of Object.entries(value.projects)) {
    if (timezone === undefined || isZone(timezone)) continue;
    throw new ProjectSettingsError(`${path}: ${project} has an unknown time zone, ${timezone}.`);
  }
  return Object.entries(value.projects);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
