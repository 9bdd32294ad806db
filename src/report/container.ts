import type { Files } from '../platform/platform.js';

/** Files that container engines put into every container: Docker's, then Podman's. */
const MARKS = ['/.dockerenv', '/run/.containerenv'];
/** Traces in the cgroups: with cgroup v1, or if the container shares the host's cgroups. */
const CGROUP = /docker|kubepods|containerd|libpod|lxc/;
/**
 * A line of mountinfo, proc_pid_mountinfo(5): a file that engines mount into a container from one
 * of their folders. With cgroup v2, Kubernetes leaves no other trace. Source and target must both
 * match, because a host that runs containers also has mounts from these folders.
 */
const MOUNT =
  /^(?:\S+ ){3}\/(?:\S*\/)?(?:docker|containers|containerd|kubelet|pods|buildkit)\/\S+ (?:\/etc\/(?:hosts|hostname|resolv\.conf)|\/dev\/termination-log) /m;

/** Whether the process runs in a container. A file that cannot be read counts as no. */
export function isContainer(files: Pick<Files, 'stat' | 'readAny'>): boolean {
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

function contentOf(files: Pick<Files, 'readAny'>, path: string): string {
  try {
    return files.readAny(path) ?? '';
  } catch {
    return ''; // not readable: no trace
  }
}
