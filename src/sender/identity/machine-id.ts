/** What identity takes from the machine. */
export interface Machine {
  /** The operating system's machine ID as it gives it; rejects where it has none. */
  readonly rawMachineId: () => Promise<string>;
  /** The OS user: uid, or the name on Windows. */
  readonly user: () => string;
  readonly hmacSha256: (key: string, text: string) => string;
}

/** What one machine is for one project. Nothing of it can be turned back or compared. */
export interface Fingerprint {
  /** The ID of this user on this machine. */
  readonly id: string;
  /** Tells this machine from others, whoever the user is: kept beside the ID. */
  readonly check: string;
}

/** 32 hex digits (systemd), or a UUID (macOS, Windows, FreeBSD). A host name is neither. */
const MACHINE_ID = /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** IDs that many machines share. */
const JUNK = new Set([
  // a board vendor's default: https://github.com/automation-stack/node-machine-id/issues/51
  '03000200040005000006000700080009',
]);

/** Whether this can be the ID of one machine alone. */
export function isMachineId(raw: string): boolean {
  const digits = raw.replaceAll('-', '');
  return MACHINE_ID.test(raw) && !/^(.)\1*$/.test(digits) && !JUNK.has(digits);
}

/**
 * What this user on this machine is for one project: keyed by the project, so that no two projects
 * share an ID and none can be looked up, as systemd advises (sd_id128_get_machine_app_specific(3)).
 *
 * @returns `undefined` where the machine has no ID of its own
 */
export async function fingerprintOf(
  project: string,
  machine: Machine,
): Promise<Fingerprint | undefined> {
  try {
    const raw = (await machine.rawMachineId()).trim().toLowerCase();
    if (!isMachineId(raw)) return undefined;
    const keyed = (key: string, text: string): string => machine.hmacSha256(key, text).slice(0, 16);
    return {
      id: keyed(`headcount:v1:${project}`, `${raw}:${machine.user()}`),
      check: keyed(`headcount:v1:${project}:check`, raw),
    };
  } catch {
    return undefined; // the next source is asked
  }
}
