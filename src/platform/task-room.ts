import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import process from 'node:process';

/** The app may yet start libuv's pool, four threads, and Node aborts where it cannot. */
const TASKS_FOR_THREAD = 16;
/** A child has about twelve tasks; the next run of the app, which it may meet, has as many. */
const TASKS_FOR_CHILD = 24;
/** V8 reserves up to 0.9 GB for a thread, and ends the whole process where it cannot. */
const BYTES_FOR_THREAD = 4 * 1024 ** 3;
/** The tasks of a user are counted only below this limit, because that reads all of /proc. */
const COUNTED_BELOW = 1_000;

/**
 * Whether the limits of this process leave enough for a thread of Headcount's, and for all that the
 * app itself may start later. Where the system tells no limit, there is none.
 */
export const hasRoomForThread = (): boolean =>
  addressRoom() >= BYTES_FOR_THREAD && hasTasks(TASKS_FOR_THREAD);

/** As {@link hasRoomForThread}, for a child process. */
export const hasRoomForChild = (): boolean => hasTasks(TASKS_FOR_CHILD);

const hasTasks = (tasks: number): boolean => cgroupRoom() >= tasks && userRoom() >= tasks;

/** How many tasks the control groups of this process allow, by the `pids` controller. */
function cgroupRoom(): number {
  let room = Infinity;
  for (const line of textOf('/proc/self/cgroup').split('\n')) {
    // `0::/path`, or `8:pids:/path` in the older hierarchy.
    const isUnified = line.startsWith('0::');
    if (!isUnified && !line.includes('pids')) continue;
    const folder = isUnified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/pids';
    // In a container the path may be that of the machine, and its own group the root of the mount.
    let group = line.slice(line.indexOf('/'));
    if (group === '/') group = '';
    for (; group !== ''; group = group.slice(0, group.lastIndexOf('/'))) {
      room = Math.min(room, roomIn(`${folder}${group}`));
    }
    room = Math.min(room, roomIn(folder));
  }
  return room;
}

function roomIn(folder: string): number {
  const most = Number.parseInt(textOf(`${folder}/pids.max`), 10); // or `max`
  return Number.isNaN(most) ? Infinity : most - Number(textOf(`${folder}/pids.current`));
}

/** How many tasks RLIMIT_NPROC allows this user, who has some in other processes too. */
function userRoom(): number {
  const user = process.geteuid?.();
  if (user === undefined || user === 0) return Infinity; // the limit is not for root
  const most = softLimit('processes');
  if (most >= COUNTED_BELOW) return Infinity;
  const folders = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return most - folders.reduce((sum, pid) => sum + tasksOf(pid, user), 0);
}

function tasksOf(pid: string, user: number): number {
  const stats = fs.statSync(`/proc/${pid}/task`, { throwIfNoEntry: false });
  return stats?.uid === user ? stats.nlink - 2 : 0;
}

function addressRoom(): number {
  const most = softLimit('address space');
  if (most === Infinity) return Infinity;
  const usedKb = /^VmSize:\s+(\d+)/m.exec(textOf('/proc/self/status'))?.[1];
  return most - Number(usedKb ?? 0) * 1024;
}

function softLimit(name: string): number {
  const label = `Max ${name} `;
  const text = textOf('/proc/self/limits');
  const at = text.indexOf(label);
  const soft = at < 0 ? NaN : Number.parseInt(text.slice(at + label.length), 10); // or `unlimited`
  return Number.isNaN(soft) ? Infinity : soft;
}

/** One for all: none of the texts is kept. */
let bytes: Buffer | undefined;
const MAX_BYTES = 8 * 1024;

/**
 * A system file's text, empty where there is none. By the calls that the host has made before:
 * the first use of others costs more than reading.
 */
function textOf(file: string): string {
  try {
    if (!fs.existsSync(file)) return ''; // throwing would take longer
    const fd = fs.openSync(file, fs.constants.O_RDONLY);
    try {
      bytes ??= Buffer.allocUnsafe(MAX_BYTES);
      return bytes.toString('latin1', 0, fs.readSync(fd, bytes, 0, MAX_BYTES, 0));
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return ''; // hidden from this process, as is the limit
  }
}
