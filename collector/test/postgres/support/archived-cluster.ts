import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from '../../support/until.js';
import {
  askOne,
  asPostgres,
  type Cluster,
  folderOfPostgres,
  giveToPostgres,
  launch,
  startCluster,
  untilTrue,
} from './cluster.js';
import { run } from './run.js';

/** A cluster whose log is archived by the script of the kit. */
export interface ArchivedCluster extends Cluster {
  /** The folder of base backups. */
  readonly backups: string;
  /** The folder of the archived log. */
  readonly wal: string;
  /** Takes a base backup, while others count. */
  backUp(): Promise<void>;
  /** Gives this moment a name that it can be restored to, and waits until the archive has it. */
  nameMoment(name: string): Promise<void>;
  /** Starts another cluster at the same address that has all up to a moment, and takes no write yet. */
  recover(moment: string): Promise<RecoveringCluster>;
}

/** A cluster that shows what it has recovered. */
export interface RecoveringCluster extends Cluster {
  /** Lets it take writes. */
  finish(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('../../../deploy/postgres/archive-wal.sh', import.meta.url));

const execute = promisify(execFile);

/** Starts an empty cluster on a free port. */
export async function startArchivedCluster(): Promise<ArchivedCluster> {
  const [backups, wal, scripts] = [folderOfPostgres(), folderOfPostgres(), folderOfPostgres()];
  // Where PostgreSQL may read it, wherever the repository is.
  const script = join(scripts, 'archive-wal.sh');
  copyFileSync(SCRIPT, script);
  const command = `archive_command=sh ${script} %p ${wal}/%f`;
  const cluster = await startCluster({ isDurable: true, settings: ['archive_mode=on', command] });
  const { url, port } = cluster;
  const backup = join(backups, '2026-11-22');
  return {
    ...{ ...cluster, backups, wal },
    backUp: async () => {
      const args = ['-D', backup, '-d', url, '--checkpoint=fast', '--no-sync'];
      await execute(...asPostgres('pg_basebackup', args), { cwd: backups });
    },
    nameMoment: async (name) => {
      const file = await askOne(url, `SELECT pg_walfile_name(pg_create_restore_point('${name}'))`);
      await run(url, 'SELECT pg_switch_wal()');
      await until('the archive has the moment', () => existsSync(join(wal, String(file))));
    },
    recover: async (moment) => {
      const settings = [
        `restore_command=cp ${wal}/%f %p`,
        `recovery_target_name=${moment}`,
        'recovery_target_action=pause',
      ];
      const recovering = await launch(
        settings,
        ({ data }) => {
          execFileSync('cp', ['-a', backup, data]);
          const signal = join(data, 'recovery.signal');
          writeFileSync(signal, '');
          giveToPostgres(signal);
        },
        { port },
      );
      await untilTrue(url, `SELECT pg_get_wal_replay_pause_state() = 'paused'`);
      return {
        ...recovering,
        finish: async () => {
          await run(url, 'SELECT pg_wal_replay_resume()');
          await untilTrue(url, 'SELECT NOT pg_is_in_recovery()');
        },
      };
    },
    stop: async () => {
      await cluster.stop();
      for (const path of [backups, wal, scripts]) rmSync(path, { recursive: true, force: true });
    },
  };
}
