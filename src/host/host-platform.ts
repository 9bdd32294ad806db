import type { Platform } from '../platform/platform.js';
import type * as deferred from './deferred/main.js';
import type * as exit from './exit/main.js';
import type * as setup from './setup/main.js';

/** Reads options, endpoints and fields. */
export type Setup = typeof setup;
/** Starts a process as the host ends. */
export type Exit = typeof exit;
/** Everything else that most programs never need. */
export type Deferred = typeof deferred;

/**
 * What the host's code takes from outside. The parts are loaded when they are first asked for;
 * `undefined` where one cannot be: the app's files were deleted or replaced.
 */
export interface HostPlatform extends Platform {
  setup(): Setup | undefined;
  exit(): Exit | undefined;
  deferred(): Deferred | undefined;
  /** A small file's text; `undefined` if somebody else may have written it. Never throws. */
  readOwnFile(path: string): string | undefined;
}
