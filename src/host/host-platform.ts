import type { Platform } from '../platform/platform.js';
import type * as deferred from './deferred/main.js';
import type * as exit from './exit/main.js';
import type * as setup from './setup/main.js';

/** Reads options, endpoints and fields. */
export type SetupPart = typeof setup;
/** Starts a process when the host ends. */
export type ExitPart = typeof exit;
/** All other code, which most programs never need. */
export type DeferredPart = typeof deferred;

/**
 * What the host's code takes from outside. Each part is loaded on its first call, which returns
 * `undefined` if the app's files were deleted or replaced.
 */
export interface HostPlatform extends Platform {
  setup(): SetupPart | undefined;
  exit(): ExitPart | undefined;
  deferred(): DeferredPart | undefined;
  /** A small file's text; `undefined` if somebody else may have written it. Never throws. */
  readOwnFile(path: string): string | undefined;
}
