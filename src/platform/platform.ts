/** Environment variables, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The part of the file system Headcount uses. Every call is synchronous and may throw. */
export interface Files {
  /**
   * Tells which of these folders are Headcount's, and in which folders of the user they are. All
   * of them are looked at before the first write.
   */
  readonly guard: (folders: Folders) => void;
  /**
   * Throws EACCES if the folder, or one that it is in, may be another user's. Everything that
   * writes, renames or removes a file does so too.
   */
  readonly check: (folder: string) => void;
  /**
   * The text of a file of Headcount's, or `undefined` if there is no file (ENOENT, ENOTDIR).
   * Throws EACCES if it belongs to another user, and ELOOP for a link.
   *
   * @param owner - whose file it must be
   * @default the effective user
   */
  read(path: string, owner?: number): string | undefined;
  /** The text of a file of the app's or the system's, whoever owns it. Follows links. */
  readAny(path: string): string | undefined;
  /** The names in a folder; empty if there is no folder. */
  list(folder: string): string[];
  /** Appends with one system call. Creates a missing folder (0700) and file (0600). */
  append(path: string, text: string): void;
  /** As {@link Files.append}, but only to an existing file; false if there is none. */
  extend(path: string, text: string): boolean;
  /** Replaces a file atomically: readers see the old text or the new one, never a part. */
  replace(path: string, text: string): void;
  /** Creates a file with all its text atomically; false if the file exists. */
  create(path: string, text: string): boolean;
  /** Renames a file; false if there is none. */
  rename(from: string, to: string): boolean;
  /** Removes a file; false if there is none. */
  remove(path: string): boolean;
  /** Facts about a file, or about a link itself; `undefined` if there is none. */
  stat(path: string): FileStat | undefined;
  /** Sets the time of the last write to the current time. */
  touch(path: string): void;
  /** The path with every symbolic link resolved. */
  realPath(path: string): string;
}

/** The result of {@link Files.stat}. */
export interface FileStat {
  readonly bytes: number;
  /** Milliseconds since the epoch, by the clock of the file system. */
  readonly modifiedMs: number;
  /** Whose file it is; 0 on Windows. */
  readonly uid: number;
  /** Whether it is another user's. Always false on Windows. */
  readonly isForeign: boolean;
}

/** Facts about the runtime and the system. */
export interface System {
  /** As `process.platform`. */
  readonly platform: string;
  readonly arch: string;
  readonly runtime: 'node' | 'bun' | 'deno';
  readonly runtimeVersion: string;
  /** As `os.release()`, such as `6.18.5-generic`. Empty if it is not known. */
  release(): string;
  /** The names of this machine and its user, to keep them out of reports. Never throws. */
  ownNames(): OwnNames;
}

/** Names that identify the machine or its user. */
export interface OwnNames {
  /** The names of the account and of its home folder. */
  readonly users: readonly string[];
  readonly hosts: readonly string[];
}

/** The folders of one project, absolute. */
export interface Folders {
  /** The folder of the ID and, unless {@link Folders.choice} is set, of the user's choice. */
  readonly config: string;
  /** The folder of the user's choice, where it goes with the user from machine to machine. */
  readonly choice?: string;
  /** The folder of the lease, which senders of all processes share. */
  readonly state: string;
  /** The folder of the outbox. */
  readonly outbox: string;
  /** The user's home folder. Absent if the app has named the folders. */
  readonly home?: string;
}

/** Identifies the processes of this machine, as far as the system allows. */
export interface Processes {
  /** This process. */
  readonly pid: number;
  /**
   * The scope in which a pid is unique: this boot of this machine and its pid namespace, as 8 hex
   * digits; `0` if the system does not tell. A pid of another scope has no meaning here.
   */
  scope(): string;
  /**
   * Whether a process with this pid is alive, as far as the system tells.
   *
   * @param start - its start time. A process that started at another time has reused the pid
   */
  isAlive(pid: number, start?: string): boolean;
  /** Whether this process ends when this thread's exit listeners run. A worker ends alone. */
  endsWithThisThread(): boolean;
  /** When a process started, in the unit of the system. It reveals a reused pid. */
  startTime(pid: number): string | undefined;
}

/** The sender, in a worker thread or, on a system without threads, in the host's thread. */
export interface SenderThread {
  post(message: unknown): void;
  /** Sets whether the process waits for it: only while the app awaits `flush()` or `close()`. */
  hold(held: boolean): void;
  /** Posts `lastWord`, waits at most `withinMs`, then ends it. Resolves when it has ended. */
  end(lastWord: unknown, withinMs: number): Promise<void>;
}

/** What a {@link SenderThread} reports to its owner. */
export interface SenderThreadEvents {
  message(message: unknown): void;
  /** The sender finished or crashed. Called once. */
  exit(): void;
}

/** What `sender.cjs` exports for a host that cannot start a thread. */
export interface InProcessSender {
  start(job: unknown, events: SenderThreadEvents): SenderThread;
}

/** Why no process can be started for the sender. */
export type NoChildReason =
  /** This is not plain Node.js: starting it again would start the app again. */
  | 'runtime'
  /** This is the first process of a container: all other processes end with it. */
  | 'first-process'
  /** The program may wait instead, and a process might end with this container. */
  | 'container'
  /** The app keeps the ID or the queue itself, where no process can read it. */
  | 'own-storage'
  /** The host has so much memory that starting a process would stall it. */
  | 'memory'
  /** The permission model forbids it. */
  | 'permission'
  /** The limits of this process leave too few tasks for another one. */
  | 'task-limit'
  /** The host's open descriptors, which a child might inherit, are unknown or too many. */
  | 'descriptors'
  /** The sender's code is missing. */
  | 'no-sender'
  /** The system refused. */
  | 'spawn-failed';

/** Starts the sender. */
export interface SenderLaunchers {
  /** Starts it in a worker thread; `undefined` if that fails. */
  thread(job: unknown, events: SenderThreadEvents): SenderThread | undefined;
  /** Whether {@link SenderLaunchers.thread} may start one here. */
  hasThreads(): boolean;
  /** Starts it in the host's thread, for systems without threads; `undefined` if that fails. */
  inProcess(job: unknown, events: SenderThreadEvents): SenderThread | undefined;
  /** Keeps the sender's code available, even if the app's files are deleted. */
  keep(): void;
  /** Releases what {@link SenderLaunchers.keep} holds. */
  letGo(): void;
  /**
   * Why a process cannot be started, for a check before any preparation.
   *
   * @param canWait - whether the program may wait for a thread instead, which outlives no container
   */
  childObstacle(canWait: boolean): NoChildReason | undefined;
  /** Starts it in a process that outlives this one. Returns its pid. */
  process(job: unknown): number | NoChildReason;
}

/**
 * Everything that Headcount takes from outside. `nodePlatform()` is the real platform; tests pass
 * another one, so that they need not patch globals.
 */
export interface Platform {
  readonly env: Env;
  readonly system: System;
  readonly files: Files;
  readonly processes: Processes;
  readonly sender: SenderLaunchers;
  /** The path of the program's main script, if it has one. */
  readonly mainScript: string | undefined;
  readonly cwd: () => string;
  /**
   * Reads a file later that another program holds now. Throws the error if nobody holds it: the
   * file is closed to this user.
   */
  readonly readHeld: (path: string, error: unknown) => unknown;
  /** Whether the program has a global of this name. */
  readonly hasGlobal: (name: string) => boolean;
  /** Whether the program has loaded `node:test`. */
  readonly usesNodeTest: () => boolean;
  /** Resolves a path from the working folder. Throws if that folder was deleted. */
  absolutePath(path: string): string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  elapsed(): number;
  /** 12 hex digits for the name of a file: different in each call and in each process. */
  uniqueHex(): string;
  /** The SHA-256 of a text, as hex. */
  sha256(text: string): string;
  /** The folders of a project, or `undefined` if there is no usable home. */
  folders(safeName: string): Folders | undefined;
  /** Calls back once, without keeping the process alive. Returns how to cancel it. */
  later(callback: () => void, afterMs: number): () => void;
  /** Calls back in the next turn of the event loop, without keeping the process alive. */
  soon(callback: () => void): void;
  /** As {@link Platform.later}, but keeps the process alive. */
  deadline(callback: () => void, afterMs: number): () => void;
  /** Calls back synchronously when the process exits. Returns how to cancel it. */
  onExit(callback: () => void): () => void;
  /** Whether the process is already ending: an exit listener added now is never called. */
  isExiting(): boolean;
}
