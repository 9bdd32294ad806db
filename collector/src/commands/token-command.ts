import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Audit } from '../access/audit.js';
import { LEVELS } from '../access/level.js';
import {
  describeToken,
  FIRST_TOKEN,
  openTokens,
  type Tokens,
  type TokenView,
} from '../access/tokens.js';
import { ConfigError } from '../config.js';
import { OPTIONS } from '../config-options.js';
import { type DataFolder, dataFolder } from '../data-folder.js';
import { errorMessage } from '../error-message.js';
import { ProblemError } from '../errors.js';
import { resolveOptions, secretFrom } from '../load-config.js';
import { type OpenedTokens, openTokensOf } from '../open-settings.js';
import { DAY_MS } from '../rules/day.js';
import { toPrintable } from '../to-printable.js';

export interface TokenCommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly now: () => Date;
}

const USAGE = 'token create --level <level>, token list, token revoke <id> or token rotate [<id>]';

const COMMAND_LINE = { id: null, name: 'command line' };

/**
 * Makes, lists, revokes or rotates tokens of a data folder. A collector that runs on it follows at
 * once.
 *
 * @param argv - The arguments after `token`.
 * @throws {@link ConfigError}
 */
export async function manageTokens(
  argv: readonly string[],
  { env, print, now }: TokenCommandOptions,
): Promise<void> {
  const { values } = readArguments(argv);
  const folder = openFolder(values.data ?? (env[OPTIONS.data.variable] || OPTIONS.data.fallback));
  const { store } = resolveOptions({ store: OPTIONS.store }, {}, env);
  const opened = await openTokensOf(folder, store, now, rethrow);
  try {
    await manage(opened, folder, readArguments(argv), { env, print, now });
  } finally {
    await opened.close();
  }
}

async function manage(
  { audit, tokens: kept }: OpenedTokens,
  folder: DataFolder,
  { values, positionals }: ReturnType<typeof readArguments>,
  { env, print, now }: TokenCommandOptions,
): Promise<void> {
  const [action = '', id, ...rest] = positionals;
  const tokens = await openTokens({
    store: kept,
    adminFile: folder.adminToken,
    adminToken: secretFrom(OPTIONS.adminToken.variable, env) || undefined,
    now,
    onFailure: rethrow,
  });
  const isKnown =
    rest.length === 0 && (id === undefined || action === 'revoke' || action === 'rotate');
  if (!isKnown) throw new ConfigError(`Expected: ${USAGE}.`);
  if (action === 'list') {
    print(values.json ? `${JSON.stringify({ tokens: tokens.list() })}\n` : toTable(tokens.list()));
  } else if (action === 'create') {
    const settings = {
      name: values.name ?? '',
      level: readLevel(values.level),
      project: values.project ?? null,
      expiresAt: values.expires === undefined ? null : readExpiry(values.expires, now()),
    };
    const made = await asConfigError(() => tokens.create(settings));
    await record(audit, 'create', made);
    print(values.json ? `${JSON.stringify(made)}\n` : `${made.token}\n`);
  } else if (action === 'revoke' && id !== undefined) {
    await revoke(tokens, audit, id);
    print(
      `Token ${id} is revoked.\n` +
        (id === FIRST_TOKEN ? 'headcount-collector token rotate makes another.\n' : ''),
    );
  } else if (action === 'rotate') {
    await rotate(id ?? FIRST_TOKEN, tokens, audit, folder, print);
  } else throw new ConfigError(`Expected: ${USAGE}.`);
}

async function revoke(tokens: Tokens, audit: Audit, id: string): Promise<void> {
  const before = await tokens.revoke(id);
  if (before === undefined) throw unknown(id);
  await record(audit, 'revoke', before);
}

async function record(audit: Audit, action: string, token: TokenView): Promise<void> {
  await audit.record(COMMAND_LINE, {
    ...{ action: `token ${action}`, target: token.id, outcome: 'done' },
    details: describeToken(token),
  });
}

async function rotate(
  id: string,
  tokens: Tokens,
  audit: Audit,
  folder: DataFolder,
  print: (text: string) => void,
): Promise<void> {
  const made = await asConfigError(() => tokens.rotate(id));
  if (made === undefined) throw unknown(id);
  await record(audit, 'rotate', made);
  // The commands on this machine read it from there: it need not be shown.
  print(
    id === FIRST_TOKEN
      ? `The new token is in ${folder.adminToken}. A collector that was started with ` +
          `${OPTIONS.adminToken.variable} takes that one instead.\n`
      : `${made.token}\n`,
  );
}

function rethrow(error: unknown): never {
  throw error;
}

const unknown = (id: string): ConfigError =>
  new ConfigError(`There is no token ${toPrintable(id)}. token list shows them.`);

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        level: { type: 'string' },
        project: { type: 'string' },
        expires: { type: 'string' },
        name: { type: 'string' },
        json: { type: 'boolean' },
      },
      strict: true,
      allowPositionals: true,
    });
  } catch (error) {
    throw new ConfigError(errorMessage(error), { cause: error });
  }
}

function openFolder(path: string): DataFolder {
  const folder = dataFolder(path);
  const stats = statSync(folder.path, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) {
    throw new ConfigError(`There is no data folder at ${folder.path}. Choose it with --data.`);
  }
  const user = process.geteuid?.();
  if (user !== undefined && user !== stats.uid) {
    // A file of another user's would be one that the collector cannot read.
    throw new ConfigError(
      `${folder.path} belongs to the user with the number ${stats.uid}: run this as that user.`,
    );
  }
  return folder;
}

function readLevel(text: string | undefined) {
  const level = LEVELS.find((one) => one === text);
  if (level !== undefined && level !== 'public') return level;
  throw new ConfigError(
    `--level must be restricted, developer or administrator; given: "${toPrintable(text ?? '')}".`,
  );
}

const UNIT_MS = { h: 60 * 60 * 1000, d: DAY_MS };

/** Reads `12h`, `90d`, or an instant. */
function readExpiry(text: string, now: Date): Date {
  const [, count, unit] = /^([1-9]\d{0,4})([hd])$/.exec(text) ?? [];
  const at =
    count === undefined
      ? new Date(/^\d{4}-\d{2}-\d{2}/.test(text) ? text : NaN)
      : new Date(now.getTime() + Number(count) * UNIT_MS[unit as 'h' | 'd']);
  if (!Number.isNaN(at.getTime())) return at;
  throw new ConfigError(
    `--expires must be like 12h, 90d or 2027-01-31; given: "${toPrintable(text)}".`,
  );
}

async function asConfigError<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}

function toTable(tokens: readonly TokenView[]): string {
  const lines = [
    ['id', 'level', 'project', 'status', 'expires', 'last used', 'name'],
    ...tokens.map((token) => [
      token.id,
      token.level,
      toPrintable(token.project ?? 'all'),
      token.status,
      token.expires_at?.slice(0, 16) ?? 'never',
      token.last_used_at?.slice(0, 13) ?? 'never',
      toPrintable(token.name),
    ]),
  ];
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((text, at) => text.padEnd(widths?.[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
