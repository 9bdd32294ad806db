/** Environment variables, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The part of the file system Headcount uses. Every call is synchronous and may throw. */
export interface Files {
  /** A file's text, or `undefined` where there is none (ENOENT, ENOTDIR). */
  read(path: string): string | undefined;
  /** The names in a folder; empty where there is none. */
  list(folder: string): string[];
  /** Appends with one system call, creating folder (0700) and file (0600) where they are missing. */
  append(path: string, text: string): void;
  /** Replaces a file at once: readers see the old text or the new, never a part. */
  replace(path: string, text: string): void;
  /** Creates a file with all its text at once; false where it exists already. */
  create(path: string, text: string): boolean;
  /** Renames a file; false where it is not there any more. */
  rename(from: string, to: string): boolean;
  /** Removes a file; false where it was not there. */
  remove(path: string): boolean;
  /** Whether something is at this path. */
  exists(path: string): boolean;
  /** The path with every symbolic link resolved. */
  realPath(path: string): string;
}

/** What the runtime says of itself and of the system. */
export interface System {
  /** As `process.platform`. */
  readonly platform: string;
  readonly arch: string;
  readonly runtime: 'node' | 'bun' | 'deno';
  readonly runtimeVersion: string;
  /** As `os.release()`, such as `6.18.5-generic`. */
  release(): string;
}

/** The folders of one project, absolute. */
export interface Folders {
  /** Where the ID and the user's choice are. */
  readonly config: string;
  /** Where the outbox is. */
  readonly outbox: string;
}

/** A worker thread that runs the sender. It never keeps the process alive unless asked to. */
export interface SenderThread {
  post(message: unknown): void;
  /** Whether the process waits for it: true only while the app awaits `flush()` or `close()`. */
  hold(held: boolean): void;
  /** Ends it. Resolves once it is gone. */
  end(): Promise<void>;
}

/** What a {@link SenderThread} tells its owner. */
export interface SenderThreadEvents {
  message(message: unknown): void;
  /** It ended, of itself or by a crash. Called once. */
  exit(): void;
}

/**
 * Everything Headcount takes from outside. The real one is `nodePlatform()`; tests bring their
 * own, so that no global is ever patched.
 */
export interface Platform {
  readonly env: Env;
  readonly system: System;
  readonly files: Files;
  readonly pid: number;
  /** The path of the program's main script, where it has one. */
  readonly mainScript: string | undefined;
  readonly cwd: () => string;
  /** The path of a module from its `import.meta.url` or file name. */
  modulePath(urlOrPath: string): string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** That many random bytes, good enough to tell things apart; not for secrets. */
  randomBytes(count: number): Uint8Array;
  /** The SHA-256 of a text, as hex. */
  sha256(text: string): string;
  /** Whether a process of this number is alive, as far as can be told. */
  isAlive(pid: number): boolean;
  /** The folders of a project, or `undefined` where there is no usable home. */
  folders(safeName: string): Folders | undefined;
  /** Calls back once, without keeping the process alive. Returns how to cancel it. */
  later(callback: () => void, afterMs: number): () => void;
  /** As {@link Platform.later}, but the process waits for it. */
  deadline(callback: () => void, afterMs: number): () => void;
  /** Calls back synchronously when the process exits. Returns how to cancel it. */
  onExit(callback: () => void): () => void;
  /** Starts the sender in a worker thread, or returns `undefined` where that cannot be done. */
  startSenderThread(job: unknown, events: SenderThreadEvents): SenderThread | undefined;
  /** Starts the sender in a process of its own that outlives this one. Returns whether it did. */
  startSenderProcess(job: unknown): boolean;
}
