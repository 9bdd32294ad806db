import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { hasCode } from '../has-code.js';
import { anyFolder, type CheckFolder } from '../opened-folder.js';
import { writeDurably } from '../write-durably.js';

const nullable = <Schema extends ReturnType<typeof Type.Integer | typeof Type.String>>(
  schema: Schema,
) => Type.Union([schema, Type.Null()]);

const recordSchema = Type.Object({
  succeeded_at: nullable(Type.Integer()),
  took_ms: nullable(Type.Integer()),
  result: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
  failed_at: nullable(Type.Integer()),
  error: nullable(Type.String()),
});

const fileSchema = Compile(
  Type.Object({ version: Type.Literal(1), jobs: Type.Record(Type.String(), recordSchema) }),
);

/** The last runs of a job. Moments are in milliseconds since 1970. */
export type JobRecord = Readonly<Static<typeof recordSchema>>;

/** The last runs of all jobs, in one file, so that a restart repeats none too early. */
export interface JobRecords {
  readonly all: ReadonlyMap<string, JobRecord>;
  /** Keeps a record until the process ends. */
  remember(name: string, record: JobRecord): void;
  /** Keeps a record. If it cannot be written, it is kept until the process ends. */
  save(name: string, record: JobRecord): Promise<void>;
}

/** Reads the file. If it is missing or damaged, no job has run yet: that only costs a run. */
export function openJobRecords(path: string, checkFolder: CheckFolder = anyFolder): JobRecords {
  const all = new Map(readRecords(path));
  return {
    all,
    remember: (name, record) => void all.set(name, record),
    save: async (name, record) => {
      all.set(name, record);
      const file = { version: 1, jobs: Object.fromEntries(all) };
      await checkFolder();
      await writeDurably(path, `${JSON.stringify(file, undefined, 2)}\n`);
    },
  };
}

function readRecords(path: string): [string, JobRecord][] {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return fileSchema.Check(file) ? Object.entries(file.jobs) : [];
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
