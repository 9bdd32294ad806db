import { temporaryFolder } from '../../support/temporary-folder.js';
import { noteWorkers } from '../../support/note-workers.js';
import { THREADS } from '../../support/die.js';
import { type Scene, type Stage, startOnStage } from './scene.js';

/** A thread that answers questions dies, as by a mistake of ours; the collector is started again. */
export async function playDeadThread(stage: Stage): Promise<Scene> {
  const data = temporaryFolder(stage.atEnd);
  const { started: first, workers } = await noteWorkers(() => startOnStage(stage, { data }));
  let present = first;
  return {
    ask: (path) => present.ask(path),
    log: () => (present === first ? first.log() : first.log() + present.log()),
    provoke: async () => {
      // No thread expects it.
      workers[THREADS.indexOf('question-thread')]?.postMessage(null);
      await first.collector.died;
      await first.ask('/v1/stats/summary');
    },
    mend: async () => {
      await first.stop();
      present = await startOnStage(stage, { data });
    },
  };
}
