import type { Files, Platform } from '../platform/platform.js';
import { ALL_PROJECTS, CHOICE_KEY } from '../file-names.js';
import { type ChoiceSource, parseChoice } from './choice.js';

/** A user who runs this program as another user, by sudo, doas or pkexec. */
export interface Invoker {
  readonly uid: number;
  /** Where the user's choice may be: for this project, then for all. */
  readonly files: readonly string[];
}

/** An {@link Invoker}, and what they have chosen. */
export interface InvokerChoice extends Invoker {
  readonly sources: readonly ChoiceSource[];
}

type InvokerFiles = Pick<Files, 'stat' | 'read'>;

const PASSWD = '/etc/passwd';

/**
 * The choice of the user who runs this program as another one: the no of a person also counts for
 * what they start by `sudo`. The variables only tell where to look.
 *
 * @returns `undefined` if the user is not in /etc/passwd
 */
export function invokerChoice(
  safeName: string,
  { env, files, system }: Pick<Platform, 'env' | 'files' | 'system'>,
): InvokerChoice | undefined {
  const user = passwdEntry(textOf(files), env['SUDO_UID'] ?? env['PKEXEC_UID'], env['DOAS_USER']);
  if (!user) return undefined;
  const config = system.platform === 'darwin' ? 'Library/Preferences' : '.config';
  const base = `${user.home}/${config}/headcount`;
  const invoker = {
    uid: user.uid,
    files: [safeName, ALL_PROJECTS].map((folder) => `${base}/${folder}/${CHOICE_KEY}`),
  };
  return { ...invoker, sources: invokerSources(invoker, files) };
}

function textOf(files: Pick<Files, 'readAny'>): string {
  try {
    return files.readAny(PASSWD) ?? '';
  } catch {
    return ''; // without the list, nobody can say whose choice it would be
  }
}

/** Finds a user in the text of /etc/passwd, passwd(5). */
function passwdEntry(
  text: string,
  wantedUid: string | undefined,
  wantedName: string | undefined,
): { readonly uid: number; readonly home: string } | undefined {
  for (const line of text.split('\n')) {
    const [name, , uid = '', , , home = ''] = line.split(':');
    const isWanted = wantedUid === undefined ? name === wantedName : uid === wantedUid;
    if (isWanted && /^\d+$/.test(uid) && home.startsWith('/')) return { uid: Number(uid), home };
  }
  return undefined;
}

/** The choice of an invoker: only a no counts, and only from a file that is theirs. */
export const invokerSources = ({ uid, files }: Invoker, disk: InvokerFiles): ChoiceSource[] =>
  files.map((source, at) => ({
    source,
    get() {
      // A choice for this project precedes the one for all.
      const earlier = files.slice(0, at).some((file) => choiceIn(file, uid, disk) !== undefined);
      const text = earlier ? undefined : choiceIn(source, uid, disk);
      return parseChoice(text, source)?.telemetry === 'on' ? undefined : text;
    },
  }));

function choiceIn(file: string, uid: number, disk: InvokerFiles): string | undefined {
  try {
    return disk.stat(file)?.uid === uid ? disk.read(file, uid) : undefined;
  } catch {
    return undefined; // this user may not look into that home
  }
}
