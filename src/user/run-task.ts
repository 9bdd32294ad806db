import type { UserTask } from '../delivery/job.js';
import { problemOf } from '../delivery/exchange.js';
import type { Diagnosis, Exported, Failed, Forgotten, Shown } from './answers.js';
import { diagnose } from './diagnose.js';
import { exportUser } from './export-user.js';
import { forgetUser } from './forget-user.js';
import { show } from './show.js';
import type { TaskParts } from './task-parts.js';

/** Does in the sender what the user asked for. Never rejects. */
export async function runTask(
  task: UserTask,
  parts: TaskParts,
): Promise<Shown | Exported | Forgotten | Diagnosis | Failed> {
  try {
    switch (task) {
      case 'show':
        return await show(parts);
      case 'export':
        return await exportUser(parts);
      case 'forget':
        return await forgetUser(parts);
      case 'diagnose':
        return await diagnose(parts);
    }
  } catch (error) {
    return { done: false, cause: problemOf(error) };
  }
}
