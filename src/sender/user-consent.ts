import { choiceFile, firstChoice } from '../consent/choice.js';
import { invokerSources } from '../consent/invoker-choice.js';
import type { SenderJob } from '../delivery/protocol.js';
import type { Files } from '../platform/platform.js';

/** What the user's choice is read from. */
export interface ConsentParts {
  readonly job: Pick<SenderJob, 'choiceFiles' | 'invokers'>;
  readonly files: Pick<Files, 'read' | 'replace' | 'stat'>;
}

/** What the user lets a sender send now: `basic` is only `startup` and `alive`. */
export type Telemetry = 'on' | 'basic' | 'off' | 'unreadable';

/** Read anew each time: the user may opt out at any moment, also between two requests. */
export async function telemetryOf({ job, files }: ConsentParts): Promise<Telemetry> {
  const choice = await firstChoice([
    ...invokerSources(job.invokers ?? [], files),
    ...job.choiceFiles.map((source) => ({
      source,
      get: () =>
        files.stat(source)?.isForeign ? choiceFile(source, { files }).get() : files.read(source),
    })),
  ]);
  return choice?.level ?? choice?.telemetry ?? 'on';
}
