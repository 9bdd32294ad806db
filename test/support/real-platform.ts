import { randomBytes } from 'node:crypto';
import type { HostPlatform } from '../../src/host/host-platform.js';
import { nodePlatform } from '../../src/host/platform/node-platform.js';
import { isAlive } from '../../src/platform/is-alive.js';
import { nodeFiles } from '../../src/platform/node-files.js';
import { wholeFiles } from '../../src/platform/whole-files.js';

/** The host's platform on the real disk. From the source, it could not load its parts. */
export function realPlatform(): HostPlatform {
  const uniqueHex = (): string => randomBytes(6).toString('hex');
  const platform = nodePlatform();
  return {
    ...platform,
    files: nodeFiles((tools) => wholeFiles(tools, uniqueHex)),
    processes: { ...platform.processes, isAlive },
  };
}
