import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type {
  Files,
  Folders,
  NoChildReason,
  SenderThread,
  SenderThreadEvents,
  System,
} from '../../src/platform/platform.js';
import * as deferred from '../../src/host/deferred/main.js';
import * as exit from '../../src/host/exit/main.js';
import * as setup from '../../src/host/setup/main.js';
import type { HostPlatform } from '../../src/host/host-platform.js';

/** What a test may set of a {@link FakePlatform}. */
export interface FakePlatformOptions {
  readonly env?: Record<string, string | undefined>;
  readonly files?: Record<string, string>;
  readonly system?: Partial<System>;
  readonly mainScript?: string;
  readonly cwd?: string;
  /** The names of the program's globals. */
  readonly globals?: readonly string[];
  readonly folders?: Folders | undefined;
  readonly links?: Record<string, string>;
  readonly deadPids?: readonly number[];
  /** Files that another user may have written. */
  readonly foreignFiles?: readonly string[];
  /** Called before every access to the files; throws what the disk would throw. */
  readonly disk?: (call: keyof Files, path: string) => void;
  /** Answers what the sender would, or nothing. */
  readonly thread?: (message: unknown, events: SenderThreadEvents) => void;
  readonly hasThreads?: boolean;
  readonly isWorkerThread?: boolean;
  readonly childObstacle?: NoChildReason;
  /** Processes end with the program's container. */
  readonly endsWithContainer?: boolean;
}

/** A platform in memory, and what was done to it. */
export interface FakePlatform extends HostPlatform {
  readonly disk: Map<string, string>;
  readonly childJobs: unknown[];
  readonly threadMessages: unknown[];
  threadsHeld: boolean;
  env: Record<string, string | undefined>;
  /** Lets time pass, and what is due happen. */
  advance(ms: number): void;
  /** Ends the process; `meanwhile` is what the app does in a listener of its own. */
  end(meanwhile?: () => void): void;
  /** How many timers, listeners and threads are there. */
  handles(): number;
}

/** Everything from outside, in memory and under the test's control. */
export function fakePlatform(options: FakePlatformOptions = {}): FakePlatform {
  const disk = new Map(Object.entries(options.files ?? {}));
  const env = { ...options.env };
  const childJobs: unknown[] = [];
  const threadMessages: unknown[] = [];
  const timers = new Set<{ at: number; callback: () => void }>();
  const exitListeners = new Set<() => void>();
  const threads = new Set<SenderThread>();
  let now = Date.UTC(2026, 10, 22, 20, 58, 0, 123);
  let elapsed = 0;
  let isExiting = false;
  let unique = 0;

  const timer = (callback: () => void, afterMs: number): (() => void) => {
    const entry = { at: now + afterMs, callback };
    timers.add(entry);
    return () => void timers.delete(entry);
  };

  const platform: FakePlatform = {
    setup: () => setup,
    exit: () => exit,
    deferred: () => deferred,
    readOwnFile: (path) => (options.foreignFiles?.includes(path) ? undefined : disk.get(path)),
    disk,
    childJobs,
    threadMessages,
    threadsHeld: false,
    env,
    system: {
      platform: 'linux',
      arch: 'x64',
      runtime: 'node',
      runtimeVersion: '20.20.2',
      release: () => '6.18.5-generic',
      ownNames: () => ({ users: ['ada'], hosts: ['babbage.example.org'] }),
      ...options.system,
    },
    files: memoryFiles(disk, options),
    processes: {
      pid: 4242,
      scope: () => 'a1b2c3d4',
      isAlive: (pid) => !(options.deadPids ?? []).includes(pid),
      startTime: () => '1',
      endsWithThisThread: () => options.isWorkerThread !== true,
    },
    readHeld(_path, error) {
      throw error;
    },
    mainScript: options.mainScript,
    cwd: () => options.cwd ?? '/work',
    hasGlobal: (name) => options.globals?.includes(name) === true,
    usesNodeTest: () => false,
    absolutePath: (path) => posix.resolve(options.cwd ?? '/work', path),
    now: () => now,
    elapsed: () => elapsed,
    soon: (callback) => void timer(callback, 0),
    uniqueHex: () => (unique += 1).toString(16).padStart(12, '0'),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    folders: (name) =>
      'folders' in options
        ? options.folders
        : {
            config: `/home/ada/.config/headcount/${name}`,
            state: `/home/ada/data/${name}`,
            outbox: `/home/ada/data/${name}/outbox`,
          },
    later: timer,
    deadline: timer,
    isExiting: () => isExiting,
    onExit(callback) {
      exitListeners.add(callback);
      return () => void exitListeners.delete(callback);
    },
    sender: {
      thread(_job, events) {
        if (options.hasThreads === false) return undefined;
        const thread: SenderThread = {
          post(message) {
            threadMessages.push(message);
            options.thread?.(message, events);
          },
          hold: (held) => void (platform.threadsHeld = held),
          end: async () => void threads.delete(thread),
        };
        threads.add(thread);
        return thread;
      },
      hasThreads: () => options.hasThreads !== false,
      inProcess: () => undefined,
      keep: () => undefined,
      letGo: () => undefined,
      childObstacle: (canWait) =>
        options.childObstacle ??
        (canWait && options.endsWithContainer === true ? 'container' : undefined),
      process(job) {
        childJobs.push(job);
        return 4343;
      },
    },
    advance(ms) {
      now += ms;
      elapsed += Math.max(0, ms); // the clock may be set back, this one never is
      for (const entry of [...timers]) {
        if (entry.at > now) continue;
        timers.delete(entry);
        entry.callback();
      }
    },
    end(meanwhile) {
      isExiting = true;
      for (const callback of [...exitListeners]) callback();
      meanwhile?.();
      isExiting = false;
    },
    handles: () => timers.size + exitListeners.size + threads.size,
  };
  return platform;
}

function memoryFiles(disk: Map<string, string>, options: FakePlatformOptions): Files {
  const check = options.disk ?? (() => undefined);
  const files: Files = {
    guard: () => undefined,
    check: () => undefined,
    read: (path) => disk.get(path),
    readAny: (path) => disk.get(path),
    list: (folder) => [
      ...new Set(
        [...disk.keys()]
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split('/', 1)[0] ?? ''),
      ),
    ],
    append: (path, text) => void disk.set(path, (disk.get(path) ?? '') + text),
    extend(path, text) {
      const before = disk.get(path);
      if (before !== undefined) disk.set(path, before + text);
      return before !== undefined;
    },
    replace: (path, text) => void disk.set(path, text),
    create(path, text) {
      if (disk.has(path)) return false;
      disk.set(path, text);
      return true;
    },
    rename(from, to) {
      const text = disk.get(from);
      if (text === undefined) return false;
      disk.delete(from);
      disk.set(to, text);
      return true;
    },
    remove: (path) => disk.delete(path),
    stat(path) {
      const text = disk.get(path);
      if (text === undefined) return undefined;
      return { bytes: text.length, modifiedMs: 0, uid: 1000, isForeign: false };
    },
    touch: () => undefined,
    realPath(path) {
      const target = options.links?.[path] ?? path;
      if (!disk.has(target)) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      return target;
    },
  };
  const checked =
    <Call extends Exclude<keyof Files, 'guard'>>(call: Call) =>
    (path: string, second: string): unknown => {
      check(call, path);
      // The cast: every other method of Files takes a path and at most one more text.
      return (files[call] as (path: string, second: string) => unknown)(path, second);
    };
  // The cast: the same methods, each behind the check.
  return Object.fromEntries(
    (Object.keys(files) as (keyof Files)[]).map((call) => [
      call,
      call === 'guard' ? files.guard : checked(call),
    ]),
  ) as unknown as Files;
}
