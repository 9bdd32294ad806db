import { randomBytes } from 'node:crypto';
import type { HostPlatform } from '../../src/host/host-platform.js';
import { nodePlatform } from '../../src/host/platform/node-platform.js';
import { nodeFiles } from '../../src/platform/node-files.js';
import { wholeFiles } from '../../src/platform/whole-files.js';

/** The host's platform on the real disk. From the source, it could not load `exit.cjs`. */
export function realPlatform(): HostPlatform {
  const uniqueHex = (): string => randomBytes(6).toString('hex');
  return { ...nodePlatform(), files: nodeFiles((tools) => wholeFiles(tools, uniqueHex)) };
}
