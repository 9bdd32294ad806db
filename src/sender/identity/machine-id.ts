/** The code of an error: the system has not answered in time, and may answer the next time. */
export const LATE = 'machine-id-late';

/** What identity takes from the machine. */
export interface Machine {
  /** The system's machine ID. Rejects if there is none; with the code {@link LATE} if not yet. */
  readonly rawMachineId: () => Promise<string>;
  /** The OS user: uid, or the name on Windows. */
  readonly user: () => string;
  readonly hmacSha256: (key: string | Uint8Array, text: string) => string;
}

/** Keyed hashes of a machine for one project: nobody can invert them or compare projects. */
export interface Fingerprint {
  /** The ID of this user on this machine. */
  readonly id: string;
  /** Tells this machine from others, for any user. Stored beside the ID. */
  readonly check: string;
}

/** 32 hex digits (systemd), or a UUID (macOS, Windows, FreeBSD). A host name is neither. */
const MACHINE_ID = /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** IDs that many machines share. */
const JUNK = new Set([
  // a board vendor's default: https://github.com/automation-stack/node-machine-id/issues/51
  '03000200040005000006000700080009',
]);

/** Whether this can be a machine ID that no other machine has. */
export function isMachineId(raw: string): boolean {
  const digits = raw.replaceAll('-', '');
  return MACHINE_ID.test(raw) && !/^(.)\1*$/.test(digits) && !JUNK.has(digits);
}

/**
 * The hashes of this user on this machine. The project is the key, as systemd advises, so that two
 * projects never have the same ID (sd_id128_get_machine_app_specific(3)).
 *
 * @param origin - of an endpoint from the environment: its ID cannot be linked with the usual one
 * @returns `undefined` if the machine has no usable ID, {@link LATE} if it did not tell in time
 */
export async function fingerprintOf(
  project: string,
  machine: Machine,
  origin?: string,
): Promise<Fingerprint | typeof LATE | undefined> {
  try {
    const raw = (await machine.rawMachineId()).trim().toLowerCase();
    if (!isMachineId(raw)) return undefined;
    const idKey = `headcount:v1:${project}${origin === undefined ? '' : `\n${origin}`}`;
    const keyed = (key: string, text: string): string => machine.hmacSha256(key, text).slice(0, 16);
    return {
      id: keyed(idKey, `${raw}:${machine.user()}`),
      check: keyed(`headcount:v1:${project}:check`, raw),
    };
  } catch (error) {
    if ((error as { code?: unknown }).code === LATE) return LATE;
    return undefined; // the caller goes on to the next source
  }
}
