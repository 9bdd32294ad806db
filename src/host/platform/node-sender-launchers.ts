import fs from 'node:fs';
import type { SenderLaunchers } from '../../platform/platform.js';
import { keepParts, letPartsGo, loadDeferred, loadExit } from './load-part.js';
import { senderFile } from './sender-file.js';

/** {@link SenderLaunchers} by worker_threads and child_process. */
export function nodeSenderLaunchers(): SenderLaunchers {
  const file = senderFile();
  let isKept = false;

  function copyOfText(): number | undefined {
    const text = file.text();
    return text === undefined ? undefined : loadDeferred()?.temporaryCopy(text);
  }

  return {
    thread: (job, events) => loadDeferred()?.startSenderThread(file, job, events),
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
    childObstacle: () => {
      const exit = loadExit();
      return exit ? exit.childObstacle() : 'no-sender';
    },
    process(job) {
      const fd = file.descriptor() ?? copyOfText();
      if (fd === undefined) return 'no-sender';
      try {
        return loadExit()?.startProcess(fd, job) ?? 'spawn-failed';
      } finally {
        fs.closeSync(fd);
      }
    },
  };
}
