import fs from 'node:fs';
import process from 'node:process';

/** The processes of the machine itself: the kernel gives this namespace the same number everywhere. */
const MACHINE = 'pid:[4026531836]';
/** First processes that end with a machine, and not with a program. In WSL, it is `init(Debian)`. */
const MACHINE_INIT = /^(?:systemd|init(?:\(.*)?|openrc-init|runit)$/;

/**
 * Whether a process that is started here may end with the program: the kernel kills a PID namespace
 * with its first process, which may be an init or a script that waits for the program alone. The
 * marks of container engines tell less: their images also run as whole machines.
 */
export function endsWithContainer(): boolean {
  try {
    if (process.platform !== 'linux' || fs.readlinkSync('/proc/self/ns/pid') === MACHINE) {
      return false;
    }
  } catch {
    return false; // no /proc: nothing is known
  }
  return !MACHINE_INIT.test(firstProcess());
}

/** The name of the first process; empty if it is hidden. */
function firstProcess(): string {
  try {
    return fs.readFileSync('/proc/1/comm', 'utf8').trim();
  } catch {
    return '';
  }
}
