import type { Diagnosis, Exported, Failed, Forgotten, Shown } from '../../delivery/answers.js';
import type { UserTask } from '../../delivery/protocol.js';
import { problemOf } from '../http.js';
import { diagnose } from './diagnose.js';
import { show } from './show.js';
import type { TaskParts } from './task.js';
import { exportUser, forgetUser } from './user-data.js';

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
