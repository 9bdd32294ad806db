import type { Platform } from '../platform/platform.js';
import type * as deferred from './deferred/main.js';

/** All that the deferred part gives to the part that is always there. */
export type Deferred = typeof deferred;

/** What the host's code takes from outside. */
export interface HostPlatform extends Platform {
  /**
   * The part of the host's code that most programs never need, loaded at the first call.
   *
   * @returns `undefined` where it cannot be loaded: the app's files were deleted or replaced
   */
  deferred(): Deferred | undefined;
  /** A small file's text; `undefined` if somebody else may have written it. Never throws. */
  readOwnFile(path: string): string | undefined;
}
