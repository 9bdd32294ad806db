import type {
  ExportResult,
  Failure,
  ForgetResult,
  ProofsResult,
  SenderDiagnosis,
  ShowResult,
} from '../../delivery/answers.js';
import type { UserTask } from '../../delivery/protocol.js';
import { errorTextOf } from '../http.js';
import { diagnose } from './diagnose.js';
import { show } from './show.js';
import { showProofs } from './show-proofs.js';
import type { TaskParts } from './task.js';
import { exportUser } from './export-user.js';
import { forgetUser } from './forget-user.js';

/** Does what the user asked for. Never rejects. */
export async function runTask(
  task: UserTask,
  parts: TaskParts,
): Promise<ShowResult | ProofsResult | ExportResult | ForgetResult | SenderDiagnosis | Failure> {
  try {
    switch (task) {
      case 'show':
        return await show(parts);
      case 'proofs':
        return await showProofs(parts);
      case 'export':
        return await exportUser(parts);
      case 'forget':
        return await forgetUser(parts);
      case 'diagnose':
        return await diagnose(parts);
    }
  } catch (error) {
    return { ok: false, error: errorTextOf(error) };
  }
}
