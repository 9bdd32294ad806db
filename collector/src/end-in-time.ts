/** How long the process may go on after its work is done, in milliseconds. */
const END_MS = 2000;

/**
 * Ends the process although a disk that it has asked does not answer: Node would wait for it, at a
 * usual end and at `process.exit()` alike.
 *
 * @param signal - By which a supervisor sees it end: of SIGTERM, that it has obeyed.
 */
export function endInTime(signal: 'SIGTERM' | 'SIGKILL'): void {
  setTimeout(() => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }, END_MS).unref();
}
