import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bucketLabels, type Field, type Manifest, manifestSchema } from 'headcount/wire';
import { Compile } from 'typebox/compile';
import { errorMessage } from '../error-message.js';
import { removeDurably, writeDurably } from '../write-durably.js';

/** A manifest file cannot be used. The message names the file and the error. */
export class ManifestFileError extends Error {
  override readonly name = 'ManifestFileError';
}

/** The manifests of all projects. */
export interface ManifestFiles {
  readonly all: ReadonlyMap<string, Manifest>;
  save(manifest: Manifest): Promise<void>;
  remove(project: string): Promise<void>;
}

/**
 * Reads the folder, with one file for each manifest; one that is missing has none. Operators may add
 * files by hand.
 *
 * @throws {@link ManifestFileError}: to go on without it would take what was not declared.
 */
export function openManifestFiles(folder: string): ManifestFiles {
  const all = new Map<string, Manifest>();
  const paths = new Map<string, string>();
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names.sort()) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    const manifest = readManifest(path);
    const other = paths.get(manifest.project);
    if (other !== undefined) {
      throw new ManifestFileError(
        `${other} and ${path} are both manifests of ${manifest.project}. Remove one of them.`,
      );
    }
    all.set(manifest.project, manifest);
    paths.set(manifest.project, path);
  }

  return {
    all,
    save: async (manifest) => {
      const { project } = manifest;
      const path = paths.get(project) ?? join(folder, fileName(project));
      await writeDurably(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
      paths.set(project, path);
      all.set(project, manifest);
    },
    remove: async (project) => {
      const path = paths.get(project);
      if (path === undefined) return;
      await removeDurably(path);
      paths.delete(project);
      all.delete(project);
    },
  };
}

function readManifest(path: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ManifestFileError(`${path} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  const wrong = findManifestError(value);
  if (wrong === undefined) return value as Manifest;
  const place = wrong.path === '' ? '' : ` at ${wrong.path}`;
  throw new ManifestFileError(
    `${path} is no manifest${place}: ${wrong.detail} Write it with headcount manifest.`,
  );
}

/** Project names can have characters that file names cannot. */
function fileName(project: string): string {
  const readable = project.replaceAll(/[^\w.-]+/g, '-').slice(0, 64);
  const hash = createHash('sha256').update(project).digest('hex').slice(0, 16);
  return `${readable}-${hash}.json`;
}

/** An error in a manifest. */
export interface ManifestError {
  /** JSON pointer. */
  readonly path: string;
  readonly detail: string;
}

const validator = Compile(manifestSchema);

/** Whether a value is a manifest without errors. */
export const isManifest = (value: unknown): value is Manifest =>
  findManifestError(value) === undefined;

/** Checks a manifest. Returns the first error, or `undefined`. */
export function findManifestError(value: unknown): ManifestError | undefined {
  if (!validator.Check(value)) {
    const [error] = validator.Errors(value);
    const path = error?.instancePath ?? '';
    return { path, detail: `It ${error?.message ?? 'is not a manifest'}.` };
  }
  const { events } = value as Manifest;
  for (const [event, { fields }] of Object.entries(events)) {
    for (const [name, field] of Object.entries(fields)) {
      const detail = findBucketError(field);
      if (detail !== undefined) return { path: `/events/${event}/fields/${name}`, detail };
    }
  }
  return undefined;
}

function findBucketError(field: Field): string | undefined {
  if (field.kind !== 'bucket') return undefined;
  const { bounds, values } = field;
  const ascend = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? 0));
  if (!ascend) return 'The bounds must ascend.';
  const labels = bucketLabels(bounds);
  const fit = labels.length === values.length && labels.every((label, n) => label === values[n]);
  return fit ? undefined : `The values must be the labels of the bounds: ${labels.join(', ')}.`;
}
