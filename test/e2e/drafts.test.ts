import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { startFaultServer } from '../support/fault-server.js';
import { createTestApp } from '../support/run-app.js';

it('what killed programs had begun to write is removed by a sender after a day', async () => {
  const server = await startFaultServer();
  const app = createTestApp({
    'cli.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount(); headcount.track();
      await headcount.close({ timeoutMs: 8_000 });`,
  });
  const hoursAgo = (file: string, hours: number): string => {
    const path = join(app.home, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'half');
    const at = new Date(Date.now() - hours * 3_600_000);
    utimesSync(path, at, at);
    return path;
  };
  const data = '.local/share/headcount/acme-cli';
  const abandoned = [
    '.config/headcount/acme-cli/choice.0f7e6d5c4b3a.tmp',
    `${data}/app.json.0f7e6d5c4b3a.tmp`,
    `${data}/outbox/1-2.a-b.3.claimed-4.a.0f7e6d5c4b3a.tmp`,
  ].map((file) => hoursAgo(file, 25));
  const others = [`${data}/app.json.1f7e6d5c4b3a.tmp`, `${data}/theirs.tmp`];
  const kept = [hoursAgo(others[0] ?? '', 23), hoursAgo(others[1] ?? '', 25)];
  await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
  expect(server.accepted()).toHaveLength(1);
  expect([abandoned.map(existsSync), kept.map(existsSync)]).toEqual([
    [false, false, false],
    [true, true],
  ]);
});
