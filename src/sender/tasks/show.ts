import { LAST_REQUEST } from '../../file-names.js';
import type { ShowResult } from '../../delivery/answers.js';
import { previewOutbox } from '../segments.js';
import { requestBody, requestsOf } from '../upload.js';
import type { TaskParts } from './task.js';

/** What would be sent next, made by the functions that send it, and what was sent last. */
export async function show(parts: TaskParts): Promise<ShowResult> {
  const { job, outboxes, identify, files } = parts;
  const { endpoint, folders } = job;
  const next: string[] = [];
  // One after another, as they are sent.
  for (const outbox of outboxes) {
    const reports = await previewOutbox({ outbox, identify, endpoint });
    for (const part of requestsOf(reports, endpoint)) {
      next.push(requestBody(part, endpoint, parts.now()));
    }
  }
  const last = folders && files.read(`${folders.state}/${LAST_REQUEST}`);
  return {
    ok: true,
    endpoint: endpoint.url,
    next,
    ...(last !== undefined && { last }),
  };
}
