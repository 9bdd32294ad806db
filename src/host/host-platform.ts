import type { Platform } from '../platform/platform.js';
import type { Deferred } from './deferred/main.js';

/** What the host's code takes from outside. */
export interface HostPlatform extends Platform {
  /**
   * The part of the host's code that most programs never need, loaded at the first call.
   *
   * @returns `undefined` where it cannot be loaded: the app's files were deleted or replaced
   */
  deferred(): Deferred | undefined;
}
