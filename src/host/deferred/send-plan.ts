import type { SendPlan } from '../../delivery/answers.js';
import type { SenderJob } from '../../delivery/protocol.js';
import { LAST_UPLOAD } from '../../file-names.js';
import type { ResolvedOptions } from '../../options.js';
import type { NoChildReason, Platform } from '../../platform/platform.js';
import { exitUploadIntervalMs, nextExitMs } from '../exit-interval.js';
import type { ExitWay } from './exit-way.js';

const NOTHING_TRIED: ExitWay = { obstacle: undefined, canWait: false, mayEndEarly: false };

/** How the next report leaves: by a thread while the program runs, by a process when it ends. */
export function sendPlan(
  job: SenderJob,
  mode: 'on' | 'local' | 'off',
  way: () => ExitWay,
  options: Pick<ResolvedOptions, 'flushIntervalMs' | 'exitUploadIntervalMs' | 'exitBudgetMs'>,
  platform: Pick<Platform, 'env' | 'files' | 'sender' | 'now'>,
): SendPlan {
  const { implicit } = job.endpoint;
  const isTried = mode === 'on' && !implicit;
  const { canWait, mayEndEarly, obstacle: known } = isTried ? way() : NOTHING_TRIED;
  const obstacle = known ?? (isTried ? obstacleTo(job, platform) : undefined);
  const everyMs = exitUploadIntervalMs(platform.env) ?? options.exitUploadIntervalMs;
  const nextMs = nextExitMs(lastExit(job, platform), platform.now(), everyMs);
  return {
    threadAfterMs: implicit ? 0 : options.flushIntervalMs,
    hasExitProcess: !implicit && obstacle === undefined,
    ...(obstacle && { obstacle }),
    ...(obstacle && canWait && { exitBudgetMs: options.exitBudgetMs }),
    ...(!obstacle && mayEndEarly && { mayEndEarly: true }),
    ...(nextMs !== undefined && { exitProcessNotBefore: new Date(nextMs).toISOString() }),
  };
}

/** Starts a process that has nothing to send, since only that shows whether one can be started. */
function obstacleTo(
  job: SenderJob,
  { sender }: Pick<Platform, 'sender'>,
): NoChildReason | undefined {
  const started = sender.process({ ...job, folders: undefined, app: undefined, handover: {} });
  return typeof started === 'number' ? undefined : started;
}

function lastExit({ folders }: SenderJob, { files }: Pick<Platform, 'files'>): string | undefined {
  try {
    return folders && files.read(`${folders.state}/${LAST_UPLOAD}`);
  } catch {
    return undefined; // the folder is reported separately
  }
}
