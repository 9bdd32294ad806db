import { createWriteStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { type Config, ConfigError } from '../config.js';
import { OPTIONS } from '../config-options.js';
import { DataFolderInUseError, dataFolder, lockDataFolder } from '../data-folder.js';
import { createPerformanceFile } from '../performance/performance-file.js';
import { auditCommand } from '../access/audit-command.js';
import { errorMessage } from '../error-message.js';
import { explainPathError } from './explain-path-error.js';
import { requireCountsInFolder } from './require-counts-in-folder.js';
import { hasCode } from '../has-code.js';
import { loadConfig } from '../load-config.js';
import { EXPORT_FORMATS, writeExport } from '../export/write-export.js';
import type { JobTurn } from '../jobs/job.js';
import { dropAll, type DroppedOfClass } from '../retention/retention-jobs.js';
import { type KeptByOption, writeKept } from '../rules/retention-classes.js';
import { openBystander } from '../sqlite/database.js';
import { toMegabytes } from '../sqlite/bring-up-to-date.js';
import { EXPORTS } from '../store/export-rows.js';
import { OWN_RUNS } from '../store/shared-store.js';
import { createCountsReader } from '../store/sqlite/counts-reader.js';
import { openDropRehearsal } from '../store/sqlite/rehearse-drop.js';
import { openCountsWriter } from '../store/sqlite/counts-writer.js';
import { toPrintable } from '../to-printable.js';

export interface CommandOptions {
  readonly print: (text: string) => void;
  /** Prints a line for people that is no part of the result. */
  readonly warn: (line: string) => void;
  /** Shows how far it is, in one line of a terminal. */
  readonly tell: (line: string) => void;
  readonly now: () => Date;
}

const DRY_RUN = '--dry-run';

/** What can be chosen for an export. */
const CHOICES = { format: EXPORT_FORMATS, what: EXPORTS } as const;

/**
 * Writes everything of a kind that is in a data folder, in use or not, to a file or to stdout.
 *
 * @param argv - The arguments after the command.
 * @throws `ConfigError`
 */
export async function exportData(
  argv: readonly string[],
  { env, tell, now, warn }: CommandOptions & { readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  const { what, format, project, out, data } = readExportArguments(argv, env);
  const folder = existingFolder(
    data,
    'Ask a running collector, as administrator: GET /v1/export writes the same.',
  );
  const { counts } = folder;
  const reader = createCountsReader(openBystander(counts));
  let rows = 0;
  const told = async function* (): AsyncGenerator<string> {
    const read = async (question: Parameters<typeof reader.exportPage>[0]) => {
      const page = await reader.exportPage(question);
      rows += page.rows.length;
      tell(`${what}: ${rows} rows`);
      return page;
    };
    yield* writeExport(read, { what, project: project ?? null, format });
  };
  try {
    if (project !== undefined && !(await reader.projects()).includes(project)) {
      throw new ConfigError(
        `There are no counts of the project "${toPrintable(project)}" in ${folder.path}; ` +
          'headcount-collector stats lists the projects.',
      );
    }
    const target = out === undefined ? process.stdout : createWriteStream(out, { mode: 0o600 });
    await pipeline(Readable.from(told(), { objectMode: false }), target, {
      end: out !== undefined,
    }).catch((error: unknown) => {
      // The reader has all that it wants.
      if (out === undefined && hasCode(error, 'EPIPE')) return;
      const cause = explainPathError(error);
      if (cause === undefined) throw error;
      const where = out === undefined ? 'stdout' : `--out ${out}`;
      throw new ConfigError(`${where} cannot be written: ${cause}.`, { cause: error });
    });
  } finally {
    await reader.close();
  }
  await auditCommand({
    ...{ folder: folder.path, path: folder.audit, now, warn },
    ...{ action: 'export', target: [what, project].filter(Boolean).join(' ') },
  });
}

function readExportArguments(argv: readonly string[], env: NodeJS.ProcessEnv) {
  const text = { type: 'string' } as const;
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { what: text, format: text, project: text, out: text, data: text },
      strict: true,
    }));
  } catch (error) {
    throw new ConfigError(errorMessage(error), { cause: error });
  }
  const choose = <Name extends keyof typeof CHOICES>(
    name: Name,
    fallback: (typeof CHOICES)[Name][number],
  ): (typeof CHOICES)[Name][number] => {
    const given = values[name];
    if (given === undefined) return fallback;
    const found = CHOICES[name].find((choice) => choice === given);
    if (found !== undefined) return found;
    throw new ConfigError(
      `--${name} must be one of ${CHOICES[name].join(', ')}; given: "${toPrintable(given)}".`,
    );
  };
  return {
    what: choose('what', 'users'),
    format: choose('format', 'ndjson'),
    project: values.project,
    out: values.out,
    data: values.data ?? (env[OPTIONS.data.variable] || OPTIONS.data.fallback),
  };
}

/**
 * Drops what is older than it may be, or says what that would be. A rehearsal only reads, also while
 * a collector runs.
 *
 * @throws `ConfigError`
 */
export async function applyRetention(
  argv: readonly string[],
  { env, print, tell, warn, now }: CommandOptions & { readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  const config = loadConfig(
    argv.filter((argument) => argument !== DRY_RUN),
    env,
  );
  const isRehearsal = argv.includes(DRY_RUN);
  const { retention } = config;
  const folder = existingFolder(
    config.data,
    `One of its collectors does this once a day; ${RETENTION_NOW}`,
  );
  const lock = isRehearsal ? undefined : lockOrExplain(config);
  // Without a running collector nothing else needs the database.
  const turn: JobTurn = {
    startedAt: now(),
    sliceMs: 50,
    pause: (share) => {
      tell(`retention: ${Math.floor(share * 100)} %`);
      return Promise.resolve();
    },
    signal: new AbortController().signal,
  };
  try {
    const writer = isRehearsal
      ? { ...openDropRehearsal(folder.counts), giveBack: () => ({ isDone: true }) }
      : openCountsWriter(folder.counts, now().getTime(), retention);
    const samples = createPerformanceFile(folder.performance);
    try {
      const { dropped } = await dropAll(
        {
          retention,
          folder: folder.path,
          isLeader: () => true,
          runs: OWN_RUNS,
          drop: (slice) => writer.drop(slice),
          letCount: () => Promise.resolve(),
          dropPerformance: (before, isDry) => Promise.resolve(samples.drop(before, isDry)),
        },
        turn,
        isRehearsal,
      );
      const all = Object.entries(dropped as Record<KeptByOption, DroppedOfClass>);
      for (const [name, { rows, bytes }] of all) {
        const kept = writeKept(retention[name as KeptByOption]);
        const verb = isRehearsal ? 'would go' : 'went';
        print(`${name} (kept ${kept}): ${rows} rows ${verb}, about ${toMegabytes(bytes)}\n`);
      }
      for (let isDone = isRehearsal; !isDone;) ({ isDone } = await writer.giveBack(50));
    } finally {
      samples.close();
      await writer.close();
    }
    if (isRehearsal) return;
    await auditCommand({
      ...{ folder: folder.path, path: folder.audit, now, warn },
      ...{ action: 'retention', target: '' },
    });
  } finally {
    lock?.close();
  }
}

const RETENTION_NOW =
  'to run it now, send a collector POST /v1/retention/runs with {"dry_run":false} as administrator.';

/** @param instead - What to do if the counts are in a store. */
function existingFolder(data: string, instead: string): ReturnType<typeof dataFolder> {
  const folder = dataFolder(data);
  requireCountsInFolder(folder, instead);
  if (existsSync(folder.counts)) return folder;
  throw new ConfigError(`There are no counts in ${folder.path}. Choose its folder with --data.`);
}

function lockOrExplain(config: Config): { close(): void } {
  try {
    return lockDataFolder(dataFolder(config.data));
  } catch (error) {
    if (!(error instanceof DataFolderInUseError)) throw error;
    throw new ConfigError(
      `${error.message} It runs retention itself once a day; ${RETENTION_NOW}`,
      { cause: error },
    );
  }
}
