import os from 'node:os';
import { childEnvironment } from './child-environment.js';
import type { SenderThread, SenderThreadEvents } from './platform.js';
import { senderForProcess, senderForThread } from './sender-file.js';

/** Any Headcount inside a process with this in its environment does nothing. */
const CHILD_MARK = 'HEADCOUNT_CHILD';
/** The child's job, as JSON. In the environment, since arguments can be read by every user. */
const CHILD_JOB = 'HEADCOUNT_CHILD_JOB';

const withoutNodeOptions = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const rest = { ...env };
  delete rest.NODE_OPTIONS;
  return rest;
};

/** Starts the sender in a worker thread that the process does not wait for. */
export function startSenderThread(
  job: unknown,
  events: SenderThreadEvents,
): SenderThread | undefined {
  const sender = senderForThread();
  if (!sender) return undefined;
  // Loaded here: most programs that report never live long enough to need a thread.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const worker = new Worker(sender.code, {
    eval: sender.eval,
    workerData: job,
    execArgv: [],
    env: withoutNodeOptions(process.env),
    stdout: true,
    stderr: true,
  });
  worker.on('message', (message: unknown) => events.message(message));
  worker.on('error', () => {
    // 'exit' follows and tells the owner; without a listener the error would be the host's.
  });
  worker.once('exit', () => events.exit());
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: () => worker.terminate().then(() => undefined),
  };
}

/** Starts the sender in a detached process that gets its code on standard input. */
export function startSenderProcess(job: unknown): boolean {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const fs = process.getBuiltinModule('node:fs');
  const fd = senderForProcess();
  if (fd === undefined) return false;
  try {
    const child = spawn(process.execPath, ['-'], {
      stdio: [fd, 'ignore', 'ignore'],
      detached: true,
      windowsHide: true,
      cwd: os.tmpdir(),
      env: {
        ...childEnvironment(process.env),
        [CHILD_MARK]: '1',
        [CHILD_JOB]: JSON.stringify(job),
      },
    });
    child.on('error', () => {
      // no child, then: the outbox keeps the reports for the next run
    });
    child.unref();
    return child.pid !== undefined;
  } finally {
    fs.closeSync(fd);
  }
}
