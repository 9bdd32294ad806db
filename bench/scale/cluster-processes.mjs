// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readCpuMs } from '../collector/server-process.mjs';

/** @typedef {{ readonly data: string }} Cluster */

/** CPU time that the processes of a cluster have used which run now. @param {Cluster} cluster */
export const clusterCpuMs = (cluster) =>
  processesOf(cluster).reduce((sum, pid) => sum + cpuMsOf(pid), 0);

/** @param {number} pid */
function cpuMsOf(pid) {
  try {
    return readCpuMs(pid);
  } catch {
    return 0; // it has ended meanwhile
  }
}

/** As `kill -9` of all processes of a cluster. @param {Cluster} cluster */
export async function killCluster(cluster) {
  const pids = processesOf(cluster);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  while (pids.some((pid) => existsSync(`/proc/${pid}`))) await pause(1);
}

/** The first of them is the parent of the others. @param {Cluster} cluster */
function processesOf({ data }) {
  const [postmaster = ''] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  const children = readdirSync('/proc').filter((name) => parentOf(name) === postmaster);
  return [postmaster, ...children].map(Number);
}

/** @param {string} name in /proc */
function parentOf(name) {
  try {
    return /\) \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'latin1'))?.[1];
  } catch {
    return undefined; // it is no process, or has ended meanwhile
  }
}
