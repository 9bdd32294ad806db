import { spawnSync } from 'node:child_process';
import { beforeAll, expect, it } from 'vitest';
import { CLI, importBuilt } from '../support/built.js';
import { COMMAND_NAMES, flagsOf } from '../support/help-flags.js';

beforeAll(() => importBuilt());

it.each(COMMAND_NAMES)('takes the flags that its help names: %s', (command) => {
  const flags = flagsOf(command);
  const given = flags.map(({ name, takesValue }) => {
    if (!takesValue) return name;
    return name.startsWith('--') ? `${name}=1` : `${name}1`;
  });
  // Flags are read in their order, so the first unknown one is the one that is named.
  const argv = [CLI, command, ...given, '--nonsense'];
  const env = { HOME: '/nonexistent' };
  const run = spawnSync(process.execPath, argv, { env, encoding: 'utf8', timeout: 30_000 });
  expect(run.status).not.toBe(0);
  expect(run.stdout + run.stderr).toContain("'--nonsense'");
});
