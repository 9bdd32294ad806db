import type { SenderJob } from '../delivery/protocol.js';
import type { Setup } from '../project/setup.js';
import type { OpenStorage } from '../storage/open-storage.js';

/** What a sender is told of the project it sends for. */
export function makeJob(
  { project, version, endpoint }: Setup,
  { folders, storage, choiceFiles }: OpenStorage,
  ca?: string,
): SenderJob {
  return {
    project,
    version,
    endpoint,
    folders,
    choiceFiles,
    isPersistent: storage.isPersistent ?? true,
    // A header takes printable ASCII only; the report itself has the name as it is.
    userAgent: `${project}/${version}`.replace(/[^!-~]/g, '_'),
    ...(ca !== undefined && { ca }),
  };
}
