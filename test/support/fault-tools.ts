import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where `scripts/install-fault-tools.sh` puts what npm has; kept between runs. */
export const FAULT_TOOLS = join(tmpdir(), 'headcount-fault-tools');

/** Another release of Node.js than the one that runs the tests. */
export const nodeRelease = (release: '20.18' | '22' | '24'): string =>
  join(FAULT_TOOLS, 'node_modules', `node-${release}`, 'bin', 'node');

/** A command of one of the installed packages. */
export const toolScript = (path: string): string => join(FAULT_TOOLS, 'node_modules', path);
