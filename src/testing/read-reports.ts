import { gunzipSync } from 'node:zlib';
import { isRecord } from '../type-guards.js';
import { MAX_BATCH_REPORTS, type RejectedReport, type Report } from '../wire/report.js';

/** What a collector finds in the body of a request. */
export interface ReadReports {
  /** Those that it takes. */
  readonly reports: readonly Report[];
  /** Those that it refuses, by their places. */
  readonly rejected: readonly RejectedReport[];
}

/** A body is never larger, packed or not. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** The text of a body; the status of the problem if it cannot be read. */
export function textOfBody(bytes: Buffer, encoding: string | undefined): string | 413 | 400 {
  if (bytes.length > MAX_BODY_BYTES) return 413;
  if (encoding !== 'gzip') return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES }).toString('utf8');
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 413 : 400;
  }
}

/** Reads one report or a batch; the status of the problem if it is neither. */
export function readReports(text: string): ReadReports | 400 | 422 {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 400;
  }
  const given = isRecord(body) && Array.isArray(body['reports']) ? body['reports'] : [body];
  if (given.length === 0 || given.length > MAX_BATCH_REPORTS) return 422;
  const reports: Report[] = [];
  const rejected: RejectedReport[] = [];
  for (const [index, each] of (given as readonly unknown[]).entries()) {
    const path = missingIn(each);
    // The cast: it has what collectors count by; the rest is what the app has sent.
    if (path === undefined) reports.push(each as Report);
    else rejected.push({ index, code: 'missing_field', path, retry: false });
  }
  return { reports, rejected };
}

/** The pointer of the first value that a collector needs and does not find. */
function missingIn(report: unknown): string | undefined {
  if (!isRecord(report)) return '';
  const name = ['anonymous_id', 'timestamp', 'project'].find((each) => !isText(report[each]));
  if (name !== undefined) return `/${name}`;
  const { info } = report;
  if (!isRecord(info)) return '/info';
  const fact = ['os', 'version'].find((each) => !isText(info[each]));
  return fact === undefined ? undefined : `/info/${fact}`;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
