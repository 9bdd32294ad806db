import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Collects garbage all the time: what is closed is really closed then, and never later. */
const COLLECT = `
  const { setFlagsFromString } = require('node:v8');
  setFlagsFromString('--expose-gc');
  const collect = require('node:vm').runInNewContext('gc');
  if (require('node:worker_threads').isMainThread) setInterval(collect, 1).unref();
`;

it('a start after a kill finds nothing lost, whenever garbage is collected', async () => {
  const folder = temporaryFolder();
  const preload = join(folder, 'collect.cjs');
  writeFileSync(preload, COLLECT);
  const start = () =>
    startProcess(['--port', '0', '--data', join(folder, 'data')], {
      NODE_OPTIONS: `--require ${preload}`,
    });
  for (let kills = 0; kills < 3; kills += 1) {
    const collector = await start();
    const url = await collector.url();
    const report = fullReport({ timestamp: new Date().toISOString() });
    expect(await post(`${url}/v1/reports`, report)).toBe(202);
    const quality = await fetch(`${url}/v1/stats/quality`, { headers: withToken() });
    expect(await quality.json()).toMatchObject({ unknown_losses: 0, lost_in_restore: 0 });
    expect(collector.stdout() + collector.stderr()).not.toContain('journal-cut');
    collector.child.kill('SIGKILL');
    await collector.ended;
  }
});
