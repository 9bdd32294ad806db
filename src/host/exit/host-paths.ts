/** How the host reads paths in its environment and arguments. */
export interface HostPaths {
  /** A path as the host finds it from its working folder. Throws if that was deleted. */
  readonly full: (path: string) => string;
  /** What separates the folders of a list. */
  readonly delimiter: string;
}
