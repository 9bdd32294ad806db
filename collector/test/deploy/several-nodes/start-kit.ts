import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { vi } from 'vitest';
import { ADMIN_TOKEN } from '../../support/admin-token.js';
import { freePort } from '../../support/free-port.js';
import { type CollectorProcess, startProcess } from '../../support/start-process.js';
import { type AtEnd, temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';
import { deployFile } from '../support/deploy-file.js';
import { startTool } from '../support/start-tool.js';
import { makeSecrets, placePepper, readComposeKit } from './compose-kit.js';

/** What compose-postgres.yml has, on this machine without containers. */
export interface Kit {
  /** The folder of the secrets. */
  readonly secrets: string;
  /** Starts a collector, also again with its folder. */
  startCollector(data: string, port: number): Promise<CollectorProcess>;
}

/** Starts the primary, the replica and Redis by the kit's own files, each as a user without rights. */
export async function startKit(atEnd: AtEnd): Promise<Kit> {
  const secrets = join(temporaryFolder(atEnd), 'secrets');
  mkdirSync(secrets);
  writeFileSync(join(secrets, 'admin-token'), ADMIN_TOKEN);
  makeSecrets(secrets);
  // A container sees its files alone, whatever folder they lie in.
  for (const folder of [join(secrets, '..'), secrets]) chmodSync(folder, 0o755);
  const [primary, replica, redis] = [await freePort(), await freePort(), await freePort()];
  await startPostgres('primary', { PGPORT: String(primary) }, secrets, atEnd);
  const own = { PGPORT: String(replica), PRIMARY_HOST: '127.0.0.1' };
  await startPostgres('replica', { ...own, PRIMARY_PORT: String(primary) }, secrets, atEnd);
  startTool(
    'redis-server',
    [
      ...[deployFile('postgres/redis.conf'), '--bind', '127.0.0.1', '--port', String(redis)],
      ...['--aclfile', join(secrets, 'redis-users')],
    ],
    { atEnd },
  );
  const addresses: readonly (readonly [string, string])[] = [
    ['postgres-primary', `127.0.0.1:${primary}`],
    ['postgres-replica', `127.0.0.1:${replica}`],
    ['redis:6379', `127.0.0.1:${redis}`],
  ];
  for (const name of ['store', 'read-store', 'cache']) {
    const file = join(secrets, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      addresses.reduce((all, [from, to]) => all.replace(from, to), text),
    );
  }
  const { services } = readComposeKit();
  const environment = Object.entries(services['collector-1']?.environment ?? {});
  const env = Object.fromEntries(
    environment.map(([name, value]) => [name, String(value).replace('/run/secrets', secrets)]),
  );
  return {
    secrets,
    startCollector: async (data, port) => {
      placePepper(services['pepper-1']?.entrypoint ?? [], secrets, data);
      const places = { HEADCOUNT_HOST: '127.0.0.1', HEADCOUNT_PORT: String(port) };
      const collector = await startProcess(
        [...NO_LIMITS, '--no-announce', '--base-path', '/headcount'],
        {
          ...{ ...env, ...places, HEADCOUNT_ADMIN_TOKEN: '' },
          ...{ HEADCOUNT_DATA: data, HEADCOUNT_TRUSTED_PROXIES: '127.0.0.1' },
          ...{
            HEADCOUNT_METRICS_HOST: '127.0.0.1',
            HEADCOUNT_METRICS_PORT: String(await freePort()),
          },
        },
        { atEnd },
      );
      await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/livez`), START);
      return collector;
    },
  };
}

/** Several processes start beside it, on the slowest of machines. */
const START = { timeout: 120_000, interval: 50 };

const NO_LIMITS = [
  ...['rate', 'bytes', 'new-ids', 'new-projects', 'new-values', 'project-rate', 'project-bytes'],
  ...['project-new-ids', 'stats-rate'],
].flatMap((name) => [`--${name}-limit`, '0']);

async function startPostgres(
  role: 'primary' | 'replica',
  env: Readonly<Record<string, string>>,
  secrets: string,
  atEnd: AtEnd,
): Promise<void> {
  const folder = temporaryFolder(atEnd);
  execFileSync('chown', ['postgres', folder]);
  const data = join(folder, 'cluster');
  const script = join(folder, `start-${role}.sh`);
  writeFileSync(script, readFileSync(deployFile(`postgres/start-${role}.sh`)));
  const tool = startTool('runuser', ['-u', 'postgres', '--', 'sh', script], {
    ...{ cwd: folder, atEnd },
    env: {
      ...env,
      PATH: `/usr/lib/postgresql/15/bin:${process.env['PATH']}`,
      PGDATA: data,
      SECRETS: secrets,
    },
  });
  atEnd(() => endPostgres(data));
  const password = readFileSync(join(secrets, 'headcount-password'), 'utf8');
  await tool.until('it answers', async () => {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: Number(env['PGPORT']), user: 'headcount', password },
      database: 'headcount',
    });
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      return false; // it makes its data
    }
  });
}

/** Ends PostgreSQL by a signal that lets it give its shared memory back. */
async function endPostgres(data: string): Promise<void> {
  const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(pid, 'SIGQUIT');
  await until('PostgreSQL has ended', () => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  });
}
