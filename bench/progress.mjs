// @ts-check
const EVERY_MS = 10_000;

/**
 * Shows on stderr what is going on: on a terminal in one line, elsewhere a line every 10 s at most.
 */
export function createProgress() {
  const isTerminal = process.stderr.isTTY;
  let section = '';
  let lastMs = -Infinity;
  return {
    /** @param {string} name */
    section(name) {
      section = name;
      lastMs = -Infinity;
    },
    /** @param {string} text */
    show(text) {
      const line = section ? `${section}: ${text}` : text;
      if (isTerminal) {
        process.stderr.write(`\r\x1b[K${line}`);
      } else if (performance.now() - lastMs > EVERY_MS) {
        lastMs = performance.now();
        process.stderr.write(`${line}\n`);
      }
    },
    done() {
      if (isTerminal) process.stderr.write('\r\x1b[K');
    },
  };
}
