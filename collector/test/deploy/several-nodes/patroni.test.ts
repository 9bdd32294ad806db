import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { deployFile } from '../support/deploy-file.js';

it('finds a standby by a configuration that HAProxy takes', () => {
  const main = join(temporaryFolder(), 'haproxy.cfg');
  writeFileSync(main, 'global\n  maxconn 100\n');
  const file = deployFile('haproxy/postgres-standby.cfg');
  // Names that nobody knows here are a warning.
  execFileSync('haproxy', ['-c', '-f', main, '-f', file], { stdio: 'pipe' });
});

it('has an example for Patroni that leaves it the time that it needs', () => {
  const { bootstrap, postgresql, restapi } = parse(
    readFileSync(deployFile('postgres/patroni.yml'), 'utf8'),
  ) as {
    bootstrap: { dcs: Record<'ttl' | 'loop_wait' | 'retry_timeout', number> };
    postgresql: { pg_hba: readonly string[] };
    restapi: { connect_address: string };
  };
  const { ttl, loop_wait: loop, retry_timeout: retry } = bootstrap.dcs;
  expect(loop + 2 * retry).toBeLessThanOrEqual(ttl);
  for (const rule of postgresql.pg_hba)
    expect(rule).toMatch(/^(local .* peer|hostssl .* scram-sha-256)$/);
  const standby = readFileSync(deployFile('haproxy/postgres-standby.cfg'), 'utf8');
  expect(standby).toContain(`check port ${restapi.connect_address.split(':')[1]} `);
});
