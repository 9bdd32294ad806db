import type { SenderLaunchers } from '../../platform/platform.js';
import { keepParts, letPartsGo, loadDeferred, loadExit } from './load-part.js';
import { senderFile } from './sender-file.js';

/** {@link SenderLaunchers} by worker_threads and child_process. */
export function nodeSenderLaunchers(): SenderLaunchers {
  const file = senderFile();
  let isKept = false;

  return {
    thread: (job, events) => loadDeferred()?.startSenderThread(file, job, events),
    hasThreads: () => loadDeferred()?.mayStartThread() === true,
    inProcess(job, events) {
      const text = file.text();
      return text === undefined
        ? undefined
        : loadDeferred()?.startSenderInProcess(text, job, events);
    },
    keep() {
      if (isKept) return;
      isKept = true;
      file.open();
      keepParts();
    },
    letGo() {
      file.close();
      if (isKept) letPartsGo();
      isKept = false;
    },
    childObstacle: (canWait) => {
      const exit = loadExit();
      return exit ? exit.childObstacle(canWait) : 'no-sender';
    },
    process: (job) => loadExit()?.startSender(file, job, loadDeferred) ?? 'no-sender',
  };
}
