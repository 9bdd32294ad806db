import { LAST_REQUEST, REPORT_OF_DAY } from '../../file-names.js';
import type { ShowResult, WaitingReport } from '../../delivery/answers.js';
import { asBasic, isInBasic } from '../../report/basic-level.js';
import { reportContent } from '../post.js';
import { previewSegments } from '../segments.js';
import { requestBody, requestsOf } from '../upload.js';
import { telemetryOf } from '../user-consent.js';
import { wireHeaders } from '../wire-headers.js';
import type { TaskParts } from './task.js';

/** What is sent next, made by the functions that send it, and what was sent last. */
export async function show(parts: TaskParts): Promise<ShowResult> {
  const { job, outboxes, identify, files, compression } = parts;
  const { endpoint, folders } = job;
  const next: string[] = [];
  const isBasic = (await telemetryOf(parts)) === 'basic';
  const headers: Record<string, string>[] = [];
  // In the order in which they are sent.
  for (const outbox of outboxes) {
    const queued = await previewSegments({ outbox, identify, job, clock: parts.clock });
    const reports = isBasic ? queued.filter(isInBasic).map(asBasic) : queued;
    for (const part of requestsOf(reports, endpoint)) {
      const text = requestBody(part, endpoint, parts.clock.now());
      const content = await reportContent(text, compression);
      next.push(text);
      headers.push(Object.fromEntries(wireHeaders({ url: endpoint.url, ...content }, true)));
    }
  }
  const last = folders && files.read(`${folders.state}/${LAST_REQUEST}`);
  const others = reportsOfOthers(parts);
  return {
    ok: true,
    endpoint: endpoint.url,
    next,
    headers,
    ...(last !== undefined && { last }),
    ...(others.length > 0 && { others }),
  };
}

/** What clients in other languages keep: only they send it, at their next run. */
function reportsOfOthers({ job: { folders }, files }: TaskParts): WaitingReport[] {
  if (!folders) return [];
  return files
    .list(folders.state)
    .filter((name) => REPORT_OF_DAY.test(name))
    .map((name) => `${folders.state}/${name}`)
    .map((file) => ({ file, report: files.read(file)?.trim() ?? '' }))
    .filter(({ report }) => report !== '');
}
