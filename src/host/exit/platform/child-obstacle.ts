import path from 'node:path';
import process from 'node:process';
import { isPermitted } from '../../../platform/is-permitted.js';
import type { NoChildReason } from '../../../platform/platform.js';
import { hasRoomForChild } from '../../../platform/task-room.js';
import { endsWithContainer } from './ends-with-container.js';

/** Starting a process takes 3 ms in a small host, and 100 ms in one with 3 GB (ADR 0006). */
const MAX_HOST_BYTES = 200 * 1024 * 1024;
const PLAIN_NODE = /^node(js)?[\d.-]*(\.exe)?$/i;

/** Named in `process.versions`. */
const OTHER_RUNTIMES = ['electron', 'bun', 'deno'];

/**
 * Why `process.execPath` must not or cannot be started to send.
 *
 * @param canWait - see `SenderLaunchers.childObstacle`
 */
export function childObstacle(canWait: boolean): NoChildReason | undefined {
  if (!isPlainNode()) return 'runtime';
  if (process.pid === 1) return 'first-process';
  if (!isPermitted('child')) return 'permission';
  if (process.memoryUsage.rss() > MAX_HOST_BYTES) return 'memory';
  if (!hasRoomForChild()) return 'task-limit';
  return canWait && endsWithContainer() ? 'container' : undefined;
}

/**
 * Whether `process.execPath` runs a given script. A single-executable app, a pkg app, a compiled
 * Bun or Deno app and Electron would run the app again.
 */
function isPlainNode(): boolean {
  const { versions, execPath } = process;
  if (OTHER_RUNTIMES.some((name) => Object.hasOwn(versions, name))) return false;
  if (Object.hasOwn(process, 'pkg')) return false; // set by pkg
  const sea = process.getBuiltinModule('node:sea') as { isSea(): boolean } | undefined;
  return PLAIN_NODE.test(path.basename(execPath)) && sea?.isSea() !== true;
}
