// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ENTER = ['--net', '--mount'];
const ADDRESS = 'https://stats.headcount.test';
/** Takes every question and answers none; ends with the benchmark, which holds its standard input. */
const NAME_SERVER = `require('node:dgram').createSocket('udp4')
  .bind(53, '127.0.0.53', () => process.stdout.write('bound'));
  process.stdin.resume().on('end', () => process.exit());`;

/** Whether a process may have a network of its own here: Linux, by root. */
export function canHideNames() {
  if (process.platform !== 'linux') return false;
  return spawnSync('unshare', [...ENTER, 'ip', 'link', 'set', 'lo', 'up']).status === 0;
}

/**
 * A network in which no name ever resolves, since its only name server keeps silent.
 *
 * @returns {Promise<import('./bench-server.mjs').BenchServer>}
 */
export async function hideNames() {
  const folder = mkdtempSync(join(tmpdir(), 'headcount-bench-names-'));
  const resolv = join(folder, 'resolv.conf');
  writeFileSync(resolv, 'nameserver 127.0.0.53\n');
  const script = 'ip link set lo up && mount --bind "$1" /etc/resolv.conf && exec "$2" -e "$3"';
  const args = ['sh', '-c', script, 'sh', resolv, process.execPath, NAME_SERVER];
  // unshare and sh become the name server by exec: its pid is this one.
  const holder = spawn('unshare', [...ENTER, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const close = async () => {
    holder.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  await new Promise((resolve, reject) => {
    holder.once('error', reject);
    holder.once('exit', () =>
      reject(new Error('no network of its own for the silent name server')),
    );
    holder.stdout.once('data', resolve);
  });
  const wrapper = ['nsenter', '--target', String(holder.pid), ...ENTER, '--'];
  return { address: ADDRESS, wrapper, arrived: () => 0, close };
}
