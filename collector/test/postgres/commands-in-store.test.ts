import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { type AtEnd, temporaryFolder } from '../support/temporary-folder.js';
import { temporarySchema } from './support/temporary-schema.js';

const undo: (() => void | Promise<void>)[] = [];
const atEnd: AtEnd = (step) => void undo.unshift(step);
let data: string;
let backup: string;

/** A folder with counts and a backup of its own, whose collector has counted in a store since. */
beforeAll(async () => {
  data = temporaryFolder(atEnd);
  backup = join(temporaryFolder(atEnd), 'monday.db');
  const before = await startCollector({ data }, atEnd);
  await before.close();
  const args = ['backup', backup, '--data', data];
  const { ended, stderr } = await startProcess(args, {}, { atEnd });
  expect(await ended, stderr()).toBe(0);
  const store = await temporarySchema(atEnd);
  const env = { HEADCOUNT_STORE: store };
  const moving = await startProcess(['move', '--to', 'store', '--data', data], env, { atEnd });
  expect(await moving.ended, moving.stderr()).toBe(0);
  const shared = await startCollector({ data, store }, atEnd);
  // Long after the last backup of the folder, which is none of these counts.
  const { body } = await shared.get('/health');
  expect(body).toMatchObject({ warnings: { backup: { state: 'ok', last_success_at: null } } });
  await shared.close();
});

afterAll(async () => {
  for (const step of undo) await step();
});

const COMMANDS: readonly (readonly [args: string, instead: string])[] = [
  ['export', 'GET /v1/export'],
  ['retention', 'POST /v1/retention/runs'],
  ['retention --dry-run', 'POST /v1/retention/runs'],
  ['backup tuesday.db', 'docs/collector/postgres-backup.md'],
  ['restore $BACKUP --replace', 'docs/collector/postgres-backup.md'],
  ['restore --without-backup --replace', 'docs/collector/postgres-backup.md'],
  ['migrate', 'Each start'],
  ['migrate --rehearse', 'Each start'],
  ['token list', 'HEADCOUNT_STORE'],
];

it.each(COMMANDS)('%s leaves the old counts of the folder alone', async (args, instead) => {
  const counts = readFileSync(join(data, 'counts.db'));
  const words = args.split(' ').map((word) => word.replace('$BACKUP', backup));
  const { ended, stdout, stderr } = await startProcess([...words, '--data', data]);
  expect(await ended).toBe(1);
  expect(stdout()).toBe('');
  expect(stderr()).toContain(instead);
  expect(stderr()).toContain('move --from store');
  expect(readFileSync(join(data, 'counts.db')).equals(counts)).toBe(true);
});
