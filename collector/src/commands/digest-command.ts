import { parseArgs } from 'node:util';
import { gatherDigest } from '../digest/gather-digest.js';
import { errorMessage } from '../error-message.js';
import { ConfigError } from '../config.js';
import { isRecord } from '../is-record.js';
import type { Ask } from '../morning/ask-morning.js';
import { toPrintable } from '../to-printable.js';
import { createAsk } from './ask-collector.js';
import { findCollector } from './find-collector.js';
import { readUrl } from './read-url.js';

export interface DigestCommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  /** Says on a terminal what is waited for; an empty line ends it. */
  readonly tell: (line: string) => void;
}

/**
 * Prints the digest of a running collector as it is now. It is sent to nobody.
 *
 * @param argv - The arguments after the command, such as `['--print']`.
 * @throws {@link ConfigError} for arguments that cannot be used, else `AskError`.
 */
export async function printDigest(
  argv: readonly string[],
  { env, print, tell }: DigestCommandOptions,
): Promise<void> {
  const { url: given, data } = readArguments(argv);
  const { url, token } = findCollector({ url: given, data, env });
  const ask = createAsk({ url, token });
  tell(`Asking ${url} …`);
  try {
    const { subject, text } = await gatherDigest({
      ...{ ask, projects: await askProjects(ask), conditions: await askConditions(ask) },
      onProgress: (project) => tell(`Asking about ${toPrintable(project)} …`),
    });
    tell('');
    print(`${subject}\n\n${text}`);
  } finally {
    tell('');
  }
}

interface Arguments {
  readonly url: string | undefined;
  readonly data: string | undefined;
}

function readArguments(argv: readonly string[]): Arguments {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { url: { type: 'string' }, data: { type: 'string' }, print: { type: 'boolean' } },
      strict: true,
    }));
  } catch (error) {
    throw new ConfigError(errorMessage(error), { cause: error });
  }
  return { url: readUrl(values.url), data: values.data };
}

interface Totals {
  readonly rows: readonly { readonly project: string; readonly monthly_active_users: number }[];
}

/** All projects, those with most people first. */
async function askProjects(ask: Ask): Promise<readonly string[]> {
  const { rows } = await ask('/v1/stats/projects', isTotals);
  return [...rows]
    .sort((a, b) => b.monthly_active_users - a.monthly_active_users)
    .map(({ project }) => project);
}

const isTotals = (body: unknown): body is Totals =>
  isRecord(body) &&
  Array.isArray(body['rows']) &&
  body['rows'].every(
    (row) =>
      isRecord(row) &&
      typeof row['project'] === 'string' &&
      typeof row['monthly_active_users'] === 'number',
  );

/** What is wrong with the collector, as far as the token may know. */
async function askConditions(ask: Ask): Promise<readonly { name: string; reason: string }[]> {
  const health = await ask('/health', isRecord);
  return [health['components'], health['warnings']]
    .filter(isRecord)
    .flatMap((conditions) =>
      Object.entries(conditions).flatMap(([name, condition]) =>
        isRecord(condition) && typeof condition['reason'] === 'string'
          ? [{ name, reason: condition['reason'] }]
          : [],
      ),
    );
}
