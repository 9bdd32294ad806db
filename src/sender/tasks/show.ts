import { LAST_REQUEST } from '../../file-names.js';
import type { ShowResult } from '../../delivery/answers.js';
import { previewSegments } from '../segments.js';
import { requestBody, requestsOf } from '../upload.js';
import type { TaskParts } from './task.js';

/** What is sent next, made by the functions that send it, and what was sent last. */
export async function show(parts: TaskParts): Promise<ShowResult> {
  const { job, outboxes, identify, files } = parts;
  const { endpoint, folders } = job;
  const next: string[] = [];
  // In the order in which they are sent.
  for (const outbox of outboxes) {
    const reports = await previewSegments({ outbox, identify, job, clock: parts.clock });
    for (const part of requestsOf(reports, endpoint)) {
      next.push(requestBody(part, endpoint, parts.clock.now()));
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
