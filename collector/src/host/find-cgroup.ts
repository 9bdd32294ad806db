import { posix } from 'node:path';
import type { ReadText } from './kernel-files.js';

/** A kind of limit. In version 1, each has a tree of groups of its own. */
export type Controller = 'memory' | 'cpu' | 'cpuacct';

/** The control group of this process. */
export interface Cgroup {
  readonly version: 1 | 2;
  /** Its folder and those of all groups around it that can be seen, the innermost first. */
  readonly folders: readonly string[];
}

interface Mount {
  /** The group that is mounted. */
  readonly root: string;
  readonly folder: string;
  readonly isVersion2: boolean;
  readonly controllers: readonly string[];
}

/** Finds the group by which a controller limits this process; `undefined` where there is none. */
export function findCgroup(read: ReadText, controller: Controller): Cgroup | undefined {
  const lines = (read('/proc/self/cgroup') ?? '').split('\n').filter(Boolean);
  const groups = lines.map((line) => {
    const [, controllers = '', ...path] = line.split(':');
    return { controllers: controllers.split(','), path: path.join(':') };
  });
  const own = groups.find(({ controllers }) => controllers.includes(controller));
  const unified = groups.find(({ controllers: [first] }) => first === '');
  const mounts = readMounts(read);
  if (own !== undefined) {
    const mount = mounts.find((one) => one.controllers.includes(controller));
    const usual = { root: '/', folder: `/sys/fs/cgroup/${controller}` };
    return { version: 1, folders: foldersOf(own.path, mount ?? usual) };
  }
  if (unified === undefined) return undefined;
  const mount = mounts.find(({ isVersion2 }) => isVersion2);
  const usual = { root: '/', folder: '/sys/fs/cgroup' };
  return { version: 2, folders: foldersOf(unified.path, mount ?? usual) };
}

function readMounts(read: ReadText): Mount[] {
  const lines = (read('/proc/self/mountinfo') ?? '').split('\n');
  return lines.flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '/', folder = ''] = before.split(' ').map(unescapePath);
    const [type = '', , options = ''] = after.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    return [{ root, folder, isVersion2: type === 'cgroup2', controllers: options.split(',') }];
  });
}

/** In mountinfo, a space is `\040`. */
const unescapePath = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_all, code: string) => String.fromCharCode(parseInt(code, 8)));

function foldersOf(path: string, { root, folder }: Pick<Mount, 'root' | 'folder'>): string[] {
  const below = root === '/' ? path : path.slice(root.length);
  const isBelow = path === root || path.startsWith(root === '/' ? '/' : `${root}/`);
  // A container may be told a path outside of what it sees: then it sees its own group.
  const names = isBelow && !path.includes('/..') ? below.split('/').filter(Boolean) : [];
  return names
    .map((_name, at) => posix.join(folder, ...names.slice(0, names.length - at)))
    .concat(folder);
}
