import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runNode } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const ESCAPE = '\u001b';
/** Gives a program a terminal of its own, and passes on what it prints there (util-linux). */
const SCRIPT = '/usr/bin/script';

async function doctor(env: Record<string, string>, onTerminal: boolean, ...flags: string[]) {
  const args = ['doctor', '--project', 'acme-cli', ...flags];
  const home = tempFolder('home');
  if (!onTerminal) return runNode(BIN, home, { args, env });
  const wrapper = ['sh', '-c', `exec ${SCRIPT} -qec "$*" /dev/null`, 'sh'];
  return runNode(BIN, home, { args, wrapper, env });
}

describe('the colours of what is printed', () => {
  it('are not there where it is piped', async () => {
    const { stdout } = await doctor({ TERM: 'xterm', FORCE_COLOR: '1' }, false);
    expect(stdout).toContain('consent');
    expect(stdout).not.toContain(ESCAPE);
  });

  it.skipIf(!existsSync(SCRIPT)).each([
    ['a terminal', { TERM: 'xterm' }, [], true],
    ['a terminal with NO_COLOR', { TERM: 'xterm', NO_COLOR: '1' }, [], false],
    ['a terminal that has none', { TERM: 'dumb' }, [], false],
    ['a terminal, as JSON', { TERM: 'xterm' }, ['--json'], false],
  ] as const)('on %s', async (_where, env, flags, hasColour) => {
    const { stdout } = await doctor(env, true, ...flags);
    expect(stdout).toContain('consent');
    expect(stdout.includes(`${ESCAPE}[`)).toBe(hasColour);
  });
});
