import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { toAuditEntry } from '../access/audit.js';
import { auditCommand } from '../access/audit-command.js';
import { ConfigError } from '../config.js';
import { OPTIONS } from '../config-options.js';
import {
  dataFolder,
  type DataFolder,
  DataFolderInUseError,
  lockDataFolder,
} from '../data-folder.js';
import { errorMessage } from '../error-message.js';
import { explainArguments } from '../explain-arguments.js';
import { resolveOptions } from '../load-config.js';
import type { MovedSettings } from '../move/compare-settings.js';
import { giveSettings } from '../move/give-settings.js';
import { type Moved, moveCounts } from '../move/move-counts.js';
import { moveSettings } from '../move/move-settings.js';
import { showMoveProgress } from '../move/move-progress.js';
import { MoveError, type MoveSource, type MoveTarget } from '../store/moving/move-side.js';
import { openSqliteSource } from '../move/open-sqlite-source.js';
import { openSqliteTarget } from '../move/open-sqlite-target.js';
import { pepperIdOf, readPepper } from '../privacy/pepper.js';
import { isFull, isSqliteError } from '../sqlite/failure.js';
import { SchemaError } from '../sqlite/migrate.js';
import { loadPostgres } from '../store/load-postgres.js';
import { explainPathError } from './explain-path-error.js';
import type { CommandContext } from './command.js';

/** Stands for the address in HEADCOUNT_STORE: other users of a machine can read arguments. */
const STORE = 'store';

const FORMS =
  'Name the store that counts move to or from: headcount-collector move --to <address>, or ' +
  `move --from <address>. The word ${STORE} stands for the address in HEADCOUNT_STORE.`;

interface Asked {
  readonly isToStore: boolean;
  readonly address: string;
  readonly folder: DataFolder;
}

interface Opened {
  readonly source: MoveSource;
  readonly target: MoveTarget;
  readonly settings: ReturnType<typeof moveSettings | typeof giveSettings>;
  /** Closes both. */
  readonly close: () => Promise<void>;
}

/**
 * `move --to <address>`: moves the counts of a data folder to PostgreSQL; `move --from <address>`: back.
 *
 * @throws `ConfigError` or `MoveError`
 */
export async function move(argv: readonly string[], context: CommandContext): Promise<void> {
  const asked = readArguments(argv, context.env);
  const { folder } = asked;
  const { now, print, warn } = context;
  const monotonicMs = (): number => performance.now();
  const { onProgress, end } = showMoveProgress(context.progress, monotonicMs);
  const beganAt = monotonicMs();
  try {
    const pepperId = pepperOf(folder);
    const lock = lockDataFolder(folder);
    try {
      const { source, target, settings, close } = await openBoth(asked, { now, warn });
      try {
        const randomUid = (): string => randomBytes(16).toString('hex');
        const moved = await moveCounts({
          ...{ source, target, beside: settings, pepperId, onProgress, now, randomUid },
        });
        end();
        const names = { source: source.name, target: target.name };
        for (const line of describe(moved, monotonicMs() - beganAt, names)) print(`${line}\n`);
        for (const line of describeSettings(settings.moved(), asked)) print(`${line}\n`);
      } finally {
        await close();
      }
    } finally {
      lock.close();
    }
  } catch (error) {
    end();
    throw explained(error, folder);
  }
  if (!asked.isToStore) {
    const { path, audit } = folder;
    const done = { action: 'move', target: 'from a store' };
    await auditCommand({ folder: path, path: audit, now, warn, ...done });
  }
  for (const line of whatIsNext(asked)) print(`${line}\n`);
}

/** @throws `ConfigError` */
function readArguments(argv: readonly string[], env: NodeJS.ProcessEnv): Asked {
  const { to, from, data } = parse(argv);
  const isStore = (text: string | undefined): boolean =>
    text === STORE || /^postgres(ql)?:/.test(text ?? '');
  if (isStore(to) === isStore(from)) throw new ConfigError(FORMS);
  const isToStore = isStore(to);
  const [address = '', other] = isToStore ? [to, from] : [from, to];
  if (other !== undefined && data !== undefined) {
    throw new ConfigError('Name the folder once: with --data, or with --to or --from.');
  }
  const path = other ?? data;
  const flag = isToStore ? 'to' : 'from';
  const flags = {
    ...(address === STORE ? {} : { [flag]: address }),
    ...(path === undefined ? {} : { data: path }),
  };
  const store = { ...OPTIONS.store, flag };
  const options = resolveOptions({ store, data: OPTIONS.data }, flags, env);
  if (options.store === undefined) {
    throw new ConfigError('HEADCOUNT_STORE is not set: set it, or name the address itself.');
  }
  return { isToStore, address: options.store, folder: dataFolder(options.data) };
}

function parse(argv: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({ args: [...argv], options: { to: text, from: text, data: text } }).values;
  } catch (error) {
    throw new ConfigError(explainArguments(error, argv), { cause: error });
  }
}

/** @throws `MoveError` */
function pepperOf({ pepper, path }: DataFolder): string {
  const found = readPepper(pepper);
  if (found !== undefined) return pepperIdOf(found);
  throw new MoveError(
    `There is no file pepper in ${path}. Nothing was changed. Choose the folder with --data. For a new ` +
      'one, copy the file pepper of a collector of the store into it.',
  );
}

async function openBoth(
  { isToStore, address, folder }: Asked,
  { now, warn }: Pick<CommandContext, 'now' | 'warn'>,
): Promise<Opened> {
  const { openPostgresSide } = await loadPostgres();
  // First what is on this machine.
  const source = isToStore ? openSqliteSource(folder.counts) : undefined;
  const store = await openPostgresSide(address, now().getTime(), folder.storeTimelines);
  const target = isToStore ? undefined : openSqliteTarget(folder.counts, now);
  const onSessionsFailure = (error: unknown): void =>
    warn(`Sessions cannot be read and have ended: ${errorMessage(error)}.`);
  return {
    ...{ source: source ?? store, target: target ?? store },
    settings: isToStore
      ? giveSettings({ settings: store.settings, folder, entry: entryAt(now()), onSessionsFailure })
      : moveSettings(store.settings, folder, now),
    close: async () => {
      await source?.close();
      await target?.close();
      await store.close();
    },
  };
}

const entryAt = (now: Date): object =>
  toAuditEntry(
    now,
    { id: null, name: 'command line' },
    { action: 'move', target: 'to a store', outcome: 'done' },
  );

function explained(error: unknown, { path }: DataFolder): unknown {
  if (error instanceof DataFolderInUseError) {
    const message = `${error.message} Nothing was changed. Stop it, and run this again.`;
    return new MoveError(message, { cause: error });
  }
  if (error instanceof SchemaError) {
    return new MoveError(`${path}: ${error.message} Nothing was changed.`, { cause: error });
  }
  if (isFull(error)) {
    const message = `The disk of ${path} is full. Make room and run this again: it goes on.`;
    return new MoveError(message, { cause: error });
  }
  if (isSqliteError(error)) {
    return new MoveError(`The counts in ${path} cannot be used: ${errorMessage(error)}.`, {
      cause: error,
    });
  }
  const cause = explainPathError(error);
  if (cause === undefined) return error;
  return new MoveError(`${path} cannot be used: ${cause}.`, { cause: error });
}

function describe(
  { rows, users, isResumed, proof }: Moved,
  tookMs: number,
  { source, target }: { readonly source: string; readonly target: string },
): string[] {
  const seconds = Math.max(tookMs, 1) / 1000;
  const rate = `${seconds.toFixed(1)} s, ${Math.round(users / seconds)} users/s`;
  return [
    `${users} users moved from ${source} to ${target}.`,
    isResumed
      ? `${rows} rows were left of an earlier move; with the comparison ${rate}.`
      : `${rows} rows; with the comparison ${rate}.`,
    `Compared and equal: ${proof.rows} rows of ${proof.tables} tables, totals, all data of ` +
      `${proof.users} users, ${proof.questions} questions.`,
    ...(proof.tooCostly === 0
      ? []
      : [`Not compared: ${proof.tooCostly} questions, which would take too long.`]),
  ];
}

function describeSettings(
  moved: MovedSettings | undefined,
  { isToStore, folder }: Asked,
): string[] {
  if (moved === undefined) {
    // On the way to a store, an earlier run has compared them.
    return isToStore ? [] : [`The store has no settings: those of ${folder.path} stay.`];
  }
  const kinds = Object.entries(moved.documents).map(([kind, count]) => `${count} ${kind}`);
  return [
    `Settings compared and equal: ${kinds.join(', ')}, ${moved.log} entries of the audit log.`,
  ];
}

function whatIsNext({ isToStore, folder }: Asked): string[] {
  return isToStore
    ? [
        `Settings and tokens are in the store. Start the collector on ${folder.path} with HEADCOUNT_STORE or --store: what its journal holds is counted.`,
        `${folder.counts} is no longer used and can be kept or removed.`,
      ]
    : [
        `Start the collector on ${folder.path} without --store: what its journal holds is counted there.`,
        'No collector uses the store any more: its schema can be kept or dropped.',
      ];
}
