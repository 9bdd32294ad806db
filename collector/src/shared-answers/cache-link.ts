/** An open connection to a cache. */
export interface CacheLink {
  readonly isOpen: boolean;
  /** The first bytes of a value, at most so many; `undefined` for an unknown name. */
  get(name: string, maxBytes: number): Promise<Buffer | undefined>;
  /** @param keptMs - After it, the cache forgets the value by itself. */
  set(name: string, value: Buffer, keptMs: number): Promise<void>;
  /** Ends it at once: what was asked fails. */
  close(): void;
}

/**
 * Opens a connection, or rejects. It is never opened again by itself.
 *
 * @param onEnd - Called once if it ends later, unless it was closed.
 */
export type OpenLink = (onEnd: (error: Error) => void) => Promise<CacheLink>;
