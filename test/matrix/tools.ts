import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where `scripts/install-matrix-tools.sh` puts the runtimes and bundlers; kept between runs. */
export const MATRIX_TOOLS = join(tmpdir(), 'headcount-matrix-tools');

const modules = join(MATRIX_TOOLS, 'node_modules');
/** A file of an installed package. */
export const tool = (path: string): string => join(modules, path);

export const BUN = tool('@oven/bun-linux-x64/bin/bun');
export const DENO = tool('@deno/linux-x64-glibc/deno');
/** A release of Node.js. */
export const nodeOf = (release: '20.18' | '22' | '24' | '26'): string =>
  tool(`node-${release}/bin/node`);
