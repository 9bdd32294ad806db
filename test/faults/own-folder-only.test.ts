import { cpSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { startFaultServer } from '../support/fault-server.js';
import { nodeRelease } from '../support/fault-tools.js';
import { outboxFiles } from '../support/outbox-files.js';
import type { TestApp } from '../support/run-app.js';
import { createAppPair, expectSameAsWithout } from '../support/same-as-without.js';

/** What is in the package, and in the one that does nothing. */
const PARTS = /^(dist|package\.json|index\.[cm]js)$/;

/** Puts the package itself into the app's folder, where a link to it was. */
function install({ folder }: TestApp): void {
  const link = join(folder, 'node_modules', 'headcount');
  const from = realpathSync(link);
  rmSync(link);
  mkdirSync(link);
  for (const part of readdirSync(from).filter((name) => PARTS.test(name))) {
    cpSync(join(from, part), join(link, part), { recursive: true });
  }
}

it.each(['22', '24'] as const)(
  'a program of Node.js %s that may read its own folder and nothing else is not hurt',
  async (release) => {
    const server = await startFaultServer();
    const pair = createAppPair({
      'cli.mjs': TRACK_ONCE,
      'cli.cjs': `require('headcount').track(); console.log('done');`,
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 0 }); headcount.track();
        setTimeout(async () => {
          headcount.track(); headcount.status();
          await headcount.close({ timeoutMs: 2_000 }); console.log('done');
        }, 300);`,
    });
    for (const app of [pair.real, pair.without]) install(app);
    const options = {
      env: { HEADCOUNT_ENDPOINT: server.address },
      node: nodeRelease(release),
      nodeArgs: [
        '--permission',
        ...[pair.real, pair.without].map(({ folder }) => `--allow-fs-read=${folder}/*`),
      ],
    };
    for (const script of ['cli.mjs', 'cli.cjs', 'server.mjs']) {
      expect(await expectSameAsWithout(pair, script, options, 1)).toMatchObject({ code: 0 });
    }
    // The user's choice, which it may not read either, may be no.
    expect(server.connections()).toBe(0);
    expect(outboxFiles(pair.real.home)).toEqual([]);
  },
);
