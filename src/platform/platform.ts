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
  /** As {@link Files.append}, but only to a file that is there; false where it is not. */
  extend(path: string, text: string): boolean;
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
  /** Size and time of the last write of a file; `undefined` where there is none. */
  stat(path: string): FileStat | undefined;
  /** Sets the time of the last write to now. */
  touch(path: string): void;
  /** The path with every symbolic link resolved. */
  realPath(path: string): string;
}

/** What {@link Files.stat} tells. */
export interface FileStat {
  readonly bytes: number;
  /** Milliseconds since the epoch, by the clock of the file system. */
  readonly modifiedMs: number;
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
  /** What this machine and its user are called, to keep it out of reports. Never throws. */
  ownNames(): OwnNames;
}

/** Names that tell whose machine this is. */
export interface OwnNames {
  /** The account's name, and that of its home. */
  readonly users: readonly string[];
  readonly hosts: readonly string[];
}

/** The folders of one project, absolute. */
export interface Folders {
  /** Where the ID and the user's choice are. */
  readonly config: string;
  /** Where senders of all processes meet: the lease. */
  readonly state: string;
  /** Where the outbox is. */
  readonly outbox: string;
}

/** The processes of this machine, as far as they can be told apart. */
export interface Processes {
  /** This process. */
  readonly pid: number;
  /**
   * What makes a pid unambiguous: this boot of this machine and its pid namespace, as 8 hex digits;
   * `0` where the system does not say. A pid of another scope says nothing here.
   */
  scope(): string;
  /**
   * Whether a process of this number is alive, as far as can be told.
   *
   * @param start - when it was started: one that got its number later is another
   */
  isAlive(pid: number, start?: string): boolean;
  /** Whether this process ends when the exit listeners of this thread run: a thread ends alone. */
  endsWithThisThread(): boolean;
  /** When a process was started, in the system's own unit: tells a pid that was used again. */
  startTime(pid: number): string | undefined;
}

/** The sender, running in a thread of its own or, where there is none, in the host's. */
export interface SenderThread {
  post(message: unknown): void;
  /** Whether the process waits for it: true only while the app awaits `flush()` or `close()`. */
  hold(held: boolean): void;
  /** Ends it, by asking it first and waiting so long at most. Resolves once it is gone. */
  end(lastWord: unknown, withinMs: number): Promise<void>;
}

/** What a {@link SenderThread} tells its owner. */
export interface SenderThreadEvents {
  message(message: unknown): void;
  /** It ended, of itself or by a crash. Called once. */
  exit(): void;
}

/** What `sender.cjs` exports to a host that has no thread for it. */
export interface InProcessSender {
  start(job: unknown, events: SenderThreadEvents): SenderThread;
}

/** Why no process of its own can be started for the sender. */
export type NoChildReason =
  /** This is no plain Node.js: starting it again would start the app again. */
  | 'runtime'
  /** This is the first process of a container: all others end with it. */
  | 'first-process'
  /** The host has so much memory that starting a process would stall it. */
  | 'memory'
  /** The permission model forbids it. */
  | 'permission'
  /** The sender's code is not to be had. */
  | 'no-sender'
  /** The system refused. */
  | 'spawn-failed';

/** Starts the sender. */
export interface SenderLaunchers {
  /** In a worker thread; `undefined` where that cannot be done. */
  thread(job: unknown, events: SenderThreadEvents): SenderThread | undefined;
  /** In the host's own thread, for systems without threads; `undefined` where that fails too. */
  inProcess(job: unknown, events: SenderThreadEvents): SenderThread | undefined;
  /** Makes sure that the sender's code stays at hand, whatever happens to the app's files. */
  keep(): void;
  /** Lets go of what {@link SenderLaunchers.keep} holds. */
  letGo(): void;
  /** Why a process cannot be started, known before anything is prepared for it. */
  childObstacle(): NoChildReason | undefined;
  /** In a process that outlives this one. Returns its pid. */
  process(job: unknown): number | NoChildReason;
}

/**
 * Everything Headcount takes from outside. The real one is `nodePlatform()`; tests bring their
 * own, so that no global is ever patched.
 */
export interface Platform {
  readonly env: Env;
  readonly system: System;
  readonly files: Files;
  readonly processes: Processes;
  readonly sender: SenderLaunchers;
  /** The path of the program's main script, where it has one. */
  readonly mainScript: string | undefined;
  readonly cwd: () => string;
  /** A path as it is, or from the folder that the program works in. Throws where that is gone. */
  absolutePath(path: string): string;
  /** The path of a module from its `import.meta.url` or file name. */
  modulePath(urlOrPath: string): string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  elapsed(): number;
  /** That many random bytes, good enough to tell things apart; not for secrets. */
  randomBytes(count: number): Uint8Array;
  /** The SHA-256 of a text, as hex. */
  sha256(text: string): string;
  /** The folders of a project, or `undefined` where there is no usable home. */
  folders(safeName: string): Folders | undefined;
  /** Calls back once, without keeping the process alive. Returns how to cancel it. */
  later(callback: () => void, afterMs: number): () => void;
  /** Calls back in the next turn of the event loop, without keeping the process alive. */
  soon(callback: () => void): void;
  /** As {@link Platform.later}, but the process waits for it. */
  deadline(callback: () => void, afterMs: number): () => void;
  /** Calls back synchronously when the process exits. Returns how to cancel it. */
  onExit(callback: () => void): () => void;
  /** Whether the process is ending already: a listener that is added now is never called. */
  isExiting(): boolean;
}
