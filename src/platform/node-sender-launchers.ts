import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';
import { childEnvironment } from './child-environment.js';
import { childObstacle } from './child-obstacle.js';
import type { SenderLaunchers, SenderThread, SenderThreadEvents } from './platform.js';
import { runInProcess } from './sender-in-process.js';
import { senderFile } from './sender-file.js';

/** Any Headcount inside a process with this in its environment does nothing. */
const CHILD_MARK = 'HEADCOUNT_CHILD';
/** The child's job, as JSON. In the environment, since arguments can be read by every user. */
const CHILD_JOB = 'HEADCOUNT_CHILD_JOB';

/** {@link SenderLaunchers} by worker_threads and child_process. */
export function nodeSenderLaunchers(): SenderLaunchers {
  const file = senderFile();

  function thread(job: unknown, events: SenderThreadEvents): SenderThread | undefined {
    const code = file.path() ?? file.text();
    if (code === undefined) return undefined;
    // Loaded here: most programs that report never live long enough to need a thread.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const worker = new Worker(code, {
      eval: file.path() === undefined,
      workerData: { headcountJob: job },
      execArgv: [],
      env: withoutNodeOptions(process.env),
      stdout: true,
      stderr: true,
    });
    worker.on('message', (message: unknown) => events.message(message));
    worker.on('error', () => {
      // 'exit' follows and tells the owner; without a listener the error would be the host's.
    });
    let isGone = false;
    worker.once('exit', () => {
      isGone = true;
      events.exit();
    });
    worker.unref();
    return {
      post: (message) => worker.postMessage(message),
      hold: (held) => (held ? worker.ref() : worker.unref()),
      end: (lastWord, withinMs) =>
        new Promise((resolve) => {
          if (isGone) return resolve();
          const timer = setTimeout(() => void worker.terminate(), withinMs);
          worker.once('exit', () => {
            clearTimeout(timer);
            resolve();
          });
          worker.ref(); // somebody waits for that
          worker.postMessage(lastWord);
        }),
    };
  }

  return {
    thread,
    inProcess(job, events) {
      const text = file.text();
      return text === undefined ? undefined : runInProcess(text, job, events);
    },
    keep: () => file.open(),
    letGo: () => file.close(),
    childObstacle,
    process(job) {
      const fd = file.descriptor();
      if (fd === undefined) return 'no-sender';
      try {
        return startProcess(fd, job) ?? 'spawn-failed';
      } finally {
        fs.closeSync(fd);
      }
    },
  };
}

function startProcess(fd: number, job: unknown): number | undefined {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, ['-'], {
    stdio: [fd, 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
    cwd: childFolder(),
    env: {
      ...childEnvironment(process.env),
      NODE_V8_COVERAGE: undefined, // spawn() would add the host's by itself
      [CHILD_MARK]: '1',
      [CHILD_JOB]: JSON.stringify(job),
    },
  });
  child.on('error', () => {
    // no child, then: the outbox keeps the reports for the next run
  });
  child.unref();
  return child.pid;
}

/** No folder of the app's, which could not be removed then. TMPDIR may name what is not there. */
function childFolder(): string {
  const folder = os.tmpdir();
  return fs.existsSync(`${folder}/.`) ? folder : path.parse(process.execPath).root;
}

/** A preload that NODE_OPTIONS asks for would run a second time. */
function withoutNodeOptions(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = { ...env };
  delete rest.NODE_OPTIONS;
  return rest;
}
