import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.js';

/** What a machine shows of itself. */
export interface MachineLook {
  /** The content of `/etc/machine-id` and D-Bus's own; absent where there is no such file. */
  readonly machineId?: string;
  /** A shell script in the place of the `hostname` command. */
  readonly hostname?: string;
  /** What a container engine has left: its mark, or nothing but a file that it has mounted. */
  readonly container?: '/.dockerenv' | '/run/.containerenv' | 'kubernetes';
}

const KUBERNETES = `
    mkdir -p "$root.kubelet/kubelet/pods/1a2b"
    cp /etc/hosts "$root.kubelet/kubelet/pods/1a2b/etc-hosts"
    touch "$root/etc/hosts"
    mount --bind "$root.kubelet/kubelet/pods/1a2b/etc-hosts" "$root/etc/hosts"`;

/**
 * A command that runs another one on a machine of the test's own: the same files but for the
 * machine's ID and a container's marks. Needs root and `unshare`.
 */
export function onMachine({ machineId, hostname, container }: MachineLook): readonly string[] {
  const folder = tempFolder('machine');
  const root = join(folder, 'root');
  mkdirSync(root);
  const files = { machineId, hostname: hostname && `#!/bin/sh\n${hostname}\n` };
  for (const [name, text] of Object.entries(files)) {
    if (text !== undefined) writeFileSync(join(folder, name), text, { mode: 0o755 });
  }
  const script = `
    root=${root}
    mount -t tmpfs tmpfs "$root"
    for entry in /*; do
      case "$entry" in
        /etc|/run|/proc) continue ;;
      esac
      if [ -L "$entry" ]; then cp -a "$entry" "$root$entry"
      elif [ -d "$entry" ]; then mkdir -p "$root$entry"; mount --rbind "$entry" "$root$entry"
      fi
    done
    mkdir -p "$root/etc" "$root/run" "$root/proc"
    mount --rbind /proc "$root/proc"
    mount -t tmpfs tmpfs "$root/root"
    cp -a /etc/. "$root/etc/"
    rm -f "$root/etc/machine-id"
    mkdir -p "$root/var/lib/dbus"
    mount -t tmpfs tmpfs "$root/var/lib/dbus"
    ${machineId === undefined ? '' : `cp ${folder}/machineId "$root/etc/machine-id"; cp ${folder}/machineId "$root/var/lib/dbus/machine-id"`}
    ${hostname === undefined ? '' : `mount --bind ${folder}/hostname "$root$(command -v hostname)"`}
    ${container === undefined ? '' : container === 'kubernetes' ? KUBERNETES : `touch "$root${container}"`}
    exec chroot "$root" "$@"`;
  return ['unshare', '--mount', 'sh', '-euc', script, 'sh'];
}
