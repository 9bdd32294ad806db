import { ID_KEY, RECEIPT_KEY } from '../../file-names.js';
import type { ExportResult, Failure, ForgetResult } from '../../delivery/answers.js';
import { FORGOTTEN_ID } from '../../storage/storage.js';
import { errorTextOf } from '../http.js';
import { USER_AGENT } from '../user-agent.js';
import { type TaskParts, userUrl } from './task.js';

/** An export has every report of a user. */
const MAX_EXPORT_BYTES = 4 * 1024 * 1024;

/** Everything that the collector has about this user. */
export async function exportUser(parts: TaskParts): Promise<ExportResult> {
  const identity = await parts.findIdentity();
  if (!identity) return { ok: false, error: NO_ID };
  if (identity === 'unreadable') return { ok: false, error: ID_UNREADABLE };
  const answer = await askCollector('GET', identity.anonymous_id, parts);
  if (!answer.ok) return answer;
  return { ok: true, anonymousId: identity.anonymous_id, data: answer.data };
}

const NO_ID = 'there is no ID here: nothing was reported, or it was deleted since';

/**
 * Has the collector delete everything about this user. The ID is dropped after the collector has
 * confirmed, because asking again needs it. A mark replaces it: the next ID must not be made from
 * the machine, which would give the same one.
 */
export async function forgetUser(parts: TaskParts): Promise<ForgetResult> {
  const { storage, clock } = parts;
  const identity = await parts.findIdentity();
  if (!identity) return { ok: true, ...(await earlierReceipt(parts)) };
  if (identity === 'unreadable') return { ok: false, error: ID_UNREADABLE };
  const answer = await askCollector('DELETE', identity.anonymous_id, parts);
  if (!answer.ok) return answer;
  const receipt = { confirmed_at: new Date(clock.now()).toISOString(), receipt: answer.data };
  try {
    if (identity.key !== undefined) await storage.set(identity.key, FORGOTTEN_ID);
    await storage.set(RECEIPT_KEY, JSON.stringify(receipt));
    removeDrafts(parts);
  } catch (error) {
    const cause = error instanceof Error ? error.message : 'unknown';
    return {
      ok: false,
      error: `the collector has deleted everything, but the ID could not be dropped here: ${cause}`,
    };
  }
  return { ok: true, receipt: answer.data };
}

/** A process that was killed while it stored the ID may have left a temp file with it. */
function removeDrafts({ job, files }: TaskParts): void {
  const folder = job.folders?.config;
  if (folder === undefined) return;
  for (const name of files.list(folder)) {
    const isDraft = name.startsWith(`${ID_KEY}.`) && name.endsWith('.tmp');
    if (isDraft) files.remove(`${folder}/${name}`);
  }
}

async function earlierReceipt({ storage }: TaskParts): Promise<{ readonly earlier?: unknown }> {
  try {
    const text = await storage.get(RECEIPT_KEY);
    return typeof text === 'string' ? { earlier: JSON.parse(text) as unknown } : {};
  } catch {
    return {}; // there is none, or it is unreadable
  }
}

/** The collector's answer about one user, or why there is none. */
async function askCollector(
  method: 'GET' | 'DELETE',
  anonymousId: string,
  { job, http }: TaskParts,
): Promise<{ readonly ok: true; readonly data: unknown } | Failure> {
  const url = userUrl(job.endpoint, anonymousId, job.project);
  const { origin } = new URL(url);
  const failed = (error: string): Failure => ({ ok: false, error });
  try {
    const headers = { accept: 'application/json', 'user-agent': USER_AGENT };
    const { status, body } = await http.request({
      url,
      method,
      headers,
      maxAnswerBytes: MAX_EXPORT_BYTES,
    });
    if (status === 404 || status === 405 || status === 501) {
      return failed(`the collector at ${origin} cannot do this (${status}); ask who runs it`);
    }
    if (status < 200 || status > 299) return failed(`the collector at ${origin} said ${status}`);
    return { ok: true, data: JSON.parse(body) as unknown };
  } catch (error) {
    const why = error instanceof SyntaxError ? 'its answer is no JSON' : errorTextOf(error);
    return failed(`the collector at ${origin} could not be asked: ${why}`);
  }
}

/** The error for an ID that is kept here and unreadable. */
const ID_UNREADABLE = 'the ID that is kept here cannot be read; `doctor` tells where it is';
