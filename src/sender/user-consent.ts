import { firstChoice } from '../consent/choice.js';
import type { Choice } from '../consent/decide.js';
import type { SenderJob } from '../delivery/protocol.js';
import type { Files } from '../platform/platform.js';

/** What the user's choice is read from. */
export interface ConsentParts {
  readonly job: Pick<SenderJob, 'choiceFiles'>;
  readonly files: Pick<Files, 'read'>;
}

/** Read anew each time: the user may opt out at any moment, also between two requests. */
export async function telemetryOf({ job, files }: ConsentParts): Promise<Choice['telemetry']> {
  const choice = await firstChoice(
    job.choiceFiles.map((source) => ({ source, get: () => files.read(source) })),
  );
  return choice?.telemetry ?? 'on';
}
