import type { Files } from '../platform/platform.js';

/** Files that container engines put into every container: Docker's, then Podman's. */
const MARKS = ['/.dockerenv', '/run/.containerenv'];
/** With cgroup v1, or where the cgroups are those of the host. */
const CGROUP = /docker|kubepods|containerd|libpod|lxc/;
/**
 * A line of mountinfo, proc_pid_mountinfo(5): a file that engines put into a container from a folder
 * of theirs. With cgroup v2 it is the only trace that Kubernetes leaves. Both ends are looked at,
 * since the mounts of a host that runs containers name the same folders.
 */
const MOUNT =
  /^(?:\S+ ){3}\/(?:\S*\/)?(?:docker|containers|containerd|kubelet|pods|buildkit)\/\S+ (?:\/etc\/(?:hosts|hostname|resolv\.conf)|\/dev\/termination-log) /m;

/** Whether the process runs in a container. What cannot be read says no. */
export function isContainer(files: Pick<Files, 'stat' | 'read'>): boolean {
  return (
    MARKS.some((mark) => isThere(files, mark)) ||
    CGROUP.test(contentOf(files, '/proc/self/cgroup')) ||
    MOUNT.test(contentOf(files, '/proc/self/mountinfo'))
  );
}

function isThere(files: Pick<Files, 'stat'>, path: string): boolean {
  try {
    return files.stat(path) !== undefined;
  } catch {
    return false; // in a folder that may not be looked into
  }
}

function contentOf(files: Pick<Files, 'read'>, path: string): string {
  try {
    return files.read(path) ?? '';
  } catch {
    return ''; // a file that may not be read tells nothing
  }
}
