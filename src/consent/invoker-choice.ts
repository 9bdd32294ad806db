import type { Files, Platform } from '../platform/platform.js';
import { ALL_PROJECTS, CHOICE_KEY } from '../file-names.js';
import { type ChoiceSource, noOf } from './choice.js';

/** A user who runs this program as another user, by sudo, doas or pkexec. */
export interface Invoker {
  readonly uid: number;
  readonly home: string;
  /** Where the user's choice may be: for this project, then for all. */
  readonly files: readonly string[];
}

/** Each {@link Invoker}, and what they have chosen. */
export interface InvokerChoice {
  readonly invokers: readonly Invoker[];
  readonly sources: readonly ChoiceSource[];
}

type InvokerFiles = Pick<Files, 'stat' | 'read'>;

const PASSWD = '/etc/passwd';

/**
 * The choice of the users who run this program as another one: the no of a person also counts for
 * what they start by `sudo`. The variables only tell where to look, and each may name another user.
 *
 * @returns `undefined` if none of them is in /etc/passwd
 */
export function invokerChoice(
  safeName: string,
  { env, files, system }: Pick<Platform, 'env' | 'files' | 'system'>,
): InvokerChoice | undefined {
  const uids = [env['SUDO_UID'], env['PKEXEC_UID']];
  const names = [env['SUDO_USER'], env['DOAS_USER']];
  const config = system.platform === 'darwin' ? 'Library/Preferences' : '.config';
  const invokers = passwdEntries(textOf(files), uids, names).map((user) => ({
    ...user,
    files: [safeName, ALL_PROJECTS].map(
      (folder) => `${user.home}/${config}/headcount/${folder}/${CHOICE_KEY}`,
    ),
  }));
  if (invokers.length === 0) return undefined;
  return { invokers, sources: invokerSources(invokers, files) };
}

function textOf(files: Pick<Files, 'readAny'>): string {
  try {
    return files.readAny(PASSWD) ?? '';
  } catch {
    return ''; // without the list, nobody can say whose choice it would be
  }
}

/** Finds users in the text of /etc/passwd, passwd(5). */
function passwdEntries(
  text: string,
  wantedUids: readonly (string | undefined)[],
  wantedNames: readonly (string | undefined)[],
): Pick<Invoker, 'uid' | 'home'>[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid = '', , , home = ''] = line.split(':');
    const isWanted = wantedUids.includes(uid) || wantedNames.includes(name);
    const isUser = /^\d+$/.test(uid) && home.startsWith('/');
    return isWanted && isUser ? [{ uid: Number(uid), home }] : [];
  });
}

/** The choices of invokers: only a no counts, and only from a file that is theirs. */
export const invokerSources = (
  invokers: readonly Invoker[],
  disk: InvokerFiles,
): readonly ChoiceSource[] => invokers.flatMap((invoker) => sourcesOf(invoker, disk));

const sourcesOf = (invoker: Invoker, disk: InvokerFiles): ChoiceSource[] =>
  invoker.files.map((source, at) => ({
    source,
    get() {
      // A choice for this project precedes the one for all.
      const earlier = invoker.files.slice(0, at);
      if (earlier.some((file) => choiceIn(file, invoker, disk) !== undefined)) return undefined;
      return noOf(choiceIn(source, invoker, disk), source);
    },
  }));

/**
 * The text of a choice. Throws if there is one that cannot be read, such as a link or a pipe: it
 * may be a no, and stops reports as it does where its user runs the program.
 */
function choiceIn(file: string, { uid, home }: Invoker, disk: InvokerFiles): string | undefined {
  if (!isReachable(home, disk)) return undefined;
  return disk.stat(file)?.uid === uid ? disk.read(file, uid) : undefined;
}

/** Whether this user may look into a home. */
function isReachable(home: string, disk: InvokerFiles): boolean {
  try {
    return disk.stat(`${home}/.`) !== undefined;
  } catch {
    return false;
  }
}
