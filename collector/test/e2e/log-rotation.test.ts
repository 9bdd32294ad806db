import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

it('programs that rotate the log say so by SIGUSR2 or SIGHUP', async () => {
  const data = temporaryFolder();
  const collector = await startProcess(['--port', '0', '--access-log', 'all', '--data', data]);
  const url = await collector.url();
  const folder = join(data, 'logs');
  const path = (): string => {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const name = names.find((one) => /^access-[\d-]+\.ndjson$/.test(one));
    return join(folder, name ?? 'none');
  };
  const linesOf = (file: string): string[] =>
    existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  await until('it has logged', () => existsSync(path()));
  let rotated = 0;
  let told = 0;
  for (const signal of ['SIGUSR2', 'SIGHUP'] as const) {
    const present = path();
    await until('all is written', async () => {
      await fetch(`${url}/livez`);
      return linesOf(present).some((line) => line.includes('/livez'));
    });
    renameSync(present, join(folder, `rotated.${++rotated}`));
    collector.child.kill(signal);
    await until('there is a new file', async () => {
      await fetch(`${url}/livez`);
      return existsSync(present);
    });
    for (const line of linesOf(join(folder, `rotated.${rotated}`))) {
      expect(JSON.parse(line)).toHaveProperty('msg');
      told++;
    }
  }
  collector.child.kill('SIGTERM');
  expect(await collector.ended).toBe(0);
  told += linesOf(path()).length;
  const all = collector.stdout().trimEnd().split('\n');
  // Warnings are in a file of their own.
  expect(told).toBe(all.filter((line) => !/"level":"(warn|error)"/.test(line)).length);
});
