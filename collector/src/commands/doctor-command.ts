import { parseArgs } from 'node:util';
import { ConfigError } from '../config.js';
import { OPTIONS } from '../config-options.js';
import { dataFolder } from '../data-folder.js';
import { errorMessage } from '../error-message.js';
import { toPrintable } from '../to-printable.js';
import { AskError } from './ask-collector.js';
import { askHealth, findService, type ShownHealth } from './ask-health.js';
import type { Diagnosis } from './diagnosis.js';
import { describeGap, examineFolder } from './examine-folder.js';
import { examineKey } from './examine-key.js';
import { examinePublicUrl, examineUpstream } from './examine-public-url.js';
import { examineStore } from './examine-store.js';
import { readUrl } from './read-url.js';

export interface DoctorOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  /** Says on a terminal what is waited for; an empty line ends it. */
  readonly tell: (line: string) => void;
  readonly now: () => Date;
}

const ANSWER_WITHIN_MS = 10_000;

const LABELS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/**
 * Looks at everything that a collector or a relay needs, and prints what it found and what to do. It changes
 * nothing: it writes to a file of its own in the data folder, and removes it.
 *
 * @returns The exit code: 1 if something has failed, else 0; warnings change nothing of it.
 * @throws {@link ConfigError} for arguments that cannot be used.
 */
export async function examineAll(
  argv: readonly string[],
  { env, print, tell, now }: DoctorOptions,
): Promise<0 | 1> {
  const { data, url, ...files } = readArguments(argv);
  const folder = dataFolder(data ?? (env[OPTIONS.data.variable] || OPTIONS.data.fallback));
  const found = { ok: 0, warn: 0, fail: 0 };
  const show = (diagnoses: readonly Diagnosis[]): void => {
    tell('');
    for (const { what, state, text } of diagnoses) {
      found[state] += 1;
      print(`${LABELS[state]}  ${what}: ${toPrintable(text)}\n`);
    }
  };
  tell(`Looking at ${folder.path} …`);
  const databases = [folder.counts, folder.journal, folder.relay].flatMap((path) => [
    path,
    `${path}-wal`,
  ]);
  show(examineFolder({ path: folder.path, databases, firstFile: folder.pepper, now }));
  const key = files.key ?? env[OPTIONS.tlsKey.variable];
  if (key) show([examineKey(key)]);
  show(await examineStore(env, { tell, now, timelines: folder.storeTimelines }));
  tell('Asking the collector …');
  const before = await askOwn(folder.path, env);
  show(describeServer(before, now()));
  const to = before instanceof AskError ? undefined : before.relay?.to;
  if (to !== undefined) {
    tell(`Asking ${to} …`);
    show(await examineUpstream(to, now));
  }
  if (url !== undefined) {
    tell(`Asking ${url} …`);
    const answers = await examinePublicUrl(url, now);
    show(answers);
    // What the proxy sent with this request is known now. Without an answer, it sent nothing.
    const isReached = answers.some(({ what, state }) => what === 'public URL' && state === 'ok');
    if (isReached) show(describeProxy(before, await askOwn(folder.path, env)));
  }
  const { fail, warn } = found;
  print(fail + warn === 0 ? 'Nothing is wrong.\n' : `Failed: ${fail}. Warnings: ${warn}.\n`);
  return fail === 0 ? 0 : 1;
}

type OwnHealth = ShownHealth | AskError;

async function askOwn(data: string, env: NodeJS.ProcessEnv): Promise<OwnHealth> {
  try {
    return await askHealth(findService({ data, env }), ANSWER_WITHIN_MS);
  } catch (error) {
    if (error instanceof AskError) return error;
    // The folder is not there, which was told before.
    if (error instanceof ConfigError) return new AskError(error.message);
    throw error;
  }
}

function describeServer(health: OwnHealth, now: Date): Diagnosis[] {
  if (health instanceof AskError) {
    return [{ what: 'collector', state: 'fail', text: health.message }];
  }
  const { conditions, failing, isHealthy, at } = health;
  const what = health.isRelay ? 'relay' : 'collector';
  const wrong = (conditions ?? []).filter(({ state }) => state !== 'ok');
  const ill = wrong.map(({ name, isCritical, reason, hint }): Diagnosis => ({
    ...{ what: name, state: isCritical ? 'fail' : 'warn', text: `${reason ?? ''} ${hint}` },
  }));
  const text = isHealthy
    ? tellWork(health)
    : `It does not work: ${failing.join(', ')}. Read the log.`;
  return [
    { what, state: isHealthy ? 'ok' : 'fail', text: `${text}${tellUnseen(health)}` },
    ...ill,
    // It tells whole seconds.
    describeGap(what, at + 500 - now.getTime(), `The clock of the ${what}`),
  ];
}

function tellWork({ isRelay, relay }: ShownHealth): string {
  if (!isRelay) return 'It takes and counts reports.';
  if (relay === undefined) return 'It takes reports.';
  const { to, waitingReports: waiting, oldestAgeSeconds } = relay;
  const wait = `${waiting} wait, the oldest for ${oldestAgeSeconds} s`;
  return `It takes reports for ${to}; ${waiting === 0 ? 'none waits' : wait}.`;
}

function tellUnseen({ conditions, isRelay }: ShownHealth): string {
  if (conditions !== undefined) return '';
  return isRelay
    ? ' Its warnings are shown on its machine, and to --metrics-networks.'
    : ' Its warnings are shown with HEADCOUNT_TOKEN of a developer.';
}

function describeProxy(before: OwnHealth, after: OwnHealth): Diagnosis[] {
  if (before instanceof AskError || after instanceof AskError) return [];
  const seenIn = ({ conditions }: ShownHealth): number | undefined =>
    conditions?.find(({ name }) => name === 'proxy')?.value ?? undefined;
  const [old, seen] = [seenIn(before), seenIn(after)];
  if (old === undefined || seen === undefined) return [];
  if (seen > old) {
    const text =
      'Requests by the public URL come from a proxy that is not trusted, or that sends no address: ' +
      'all its clients share one limit. Name it in --trusted-proxies.';
    return [{ what: 'proxy', state: 'warn', text }];
  }
  return [{ what: 'proxy', state: 'ok', text: 'Clients behind the proxy are told apart.' }];
}

function readArguments(argv: readonly string[]): {
  data?: string | undefined;
  url?: string | undefined;
  key?: string | undefined;
} {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { data: { type: 'string' }, url: { type: 'string' }, 'tls-key': { type: 'string' } },
    });
    return { data: values.data, url: readUrl(values.url), key: values['tls-key'] };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(errorMessage(error), { cause: error });
  }
}
