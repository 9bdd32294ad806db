import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './build-image.js';

/** The last commit of the collector before schema 11. Nothing is published yet that could be installed. */
const OLD_COMMIT = '0541e56a909a32ac26928f73d33c7d394cbdda2f';

/**
 * The command of an older release, built from the history of the repository, which a shallow clone does
 * not have. Kept in the temporary folder.
 */
export function buildOldRelease(): string {
  const folder = join(tmpdir(), `headcount-release-${OLD_COMMIT.slice(0, 12)}`);
  const cli = join(folder, 'collector/dist/cli.js');
  // The packages are those of the checkout that built it, which may be gone.
  if (existsSync(cli) && existsSync(join(folder, 'node_modules'))) return cli;
  const draft = `${folder}.draft-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  const archive = execFileSync('git', ['archive', OLD_COMMIT], {
    ...{ cwd: REPOSITORY, maxBuffer: 1024 ** 3 },
  });
  execFileSync('tar', ['-x', '-C', draft], { input: archive });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(draft, 'node_modules'));
  const tsup = join(REPOSITORY, 'node_modules/tsup/dist/cli-default.js');
  execFileSync(process.execPath, [tsup], { cwd: join(draft, 'collector'), stdio: 'pipe' });
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return cli;
}
