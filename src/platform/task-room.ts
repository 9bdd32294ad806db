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
    const [, controllers = '-', path = ''] = /^\d+:(.*?):(\/.*)$/.exec(line) ?? [];
    const isUnified = controllers === '';
    if (!isUnified && !controllers.split(',').includes('pids')) continue;
    // In a container the path may be that of the machine, and its own group the root of the mount.
    for (let group = path; group !== ''; group = group.slice(0, group.lastIndexOf('/'))) {
      room = Math.min(room, roomIn(isUnified ? '' : '/pids', group === '/' ? '' : group));
    }
    room = Math.min(room, roomIn(isUnified ? '' : '/pids', ''));
  }
  return room;
}

function roomIn(mount: string, group: string): number {
  const folder = `/sys/fs/cgroup${mount}${group}`;
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
  const [, soft] =
    new RegExp(`^Max ${name}\\s+(\\d+)`, 'm').exec(textOf('/proc/self/limits')) ?? [];
  return soft === undefined ? Infinity : Number(soft);
}

/** A system file's text, empty where there is none. Throwing would take longer than looking. */
function textOf(file: string): string {
  try {
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  } catch {
    return ''; // hidden from this process, as is the limit
  }
}
