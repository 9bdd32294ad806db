import type { Files } from '../platform/platform.js';

/** Files that container engines put into every container: Docker's, then Podman's. */
const MARKS = ['/.dockerenv', '/run/.containerenv'];
const CGROUP = /docker|kubepods|containerd|libpod|lxc/;

/** Whether the process runs in a container. What cannot be read says no. */
export function isContainer(files: Pick<Files, 'exists' | 'read'>): boolean {
  return (
    MARKS.some((mark) => files.exists(mark)) || CGROUP.test(contentOf(files, '/proc/self/cgroup'))
  );
}

/** Whether the process runs in the Windows Subsystem for Linux, whose kernel is Microsoft's. */
export const isWsl = (files: Pick<Files, 'read'>): boolean =>
  /microsoft/i.test(contentOf(files, '/proc/sys/kernel/osrelease'));

function contentOf(files: Pick<Files, 'read'>, path: string): string {
  try {
    return files.read(path) ?? '';
  } catch {
    return ''; // a file that may not be read tells nothing
  }
}
