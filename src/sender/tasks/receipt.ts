import type { DeletionReceipt } from '../../delivery/answers.js';
import { isRecord } from '../../type-guards.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

/** How far the clocks of a collector and of this machine may differ. */
const MAX_CLOCK_ERROR_MS = 24 * 60 * 60 * 1000;

/** False if the deletion lies before the request for it: the receipt is about something else. */
export const isOfNow = ({ deleted_at }: DeletionReceipt, askedMs: number): boolean =>
  Date.parse(deleted_at) >= askedMs - MAX_CLOCK_ERROR_MS;

/**
 * Reads a receipt of a project's collector, and leaves out everything else in it. Each of its texts
 * has a fixed form, so that it can be printed.
 *
 * @returns `undefined` if it is none
 */
export function parseReceipt(json: unknown, project: string): DeletionReceipt | undefined {
  if (!isRecord(json) || json['project'] !== project) return undefined;
  const { receipt_id, deleted_at, late_reports_ignored_until } = json;
  if (!isText(receipt_id, UUID) || !isInstant(deleted_at)) return undefined;
  if (!isInstant(late_reports_ignored_until)) return undefined;
  return { receipt_id, project, deleted_at, late_reports_ignored_until };
}

const isInstant = (value: unknown): value is string =>
  isText(value, INSTANT) && !Number.isNaN(Date.parse(value));

const isText = (value: unknown, form: RegExp): value is string =>
  typeof value === 'string' && form.test(value);

/** Reads all that a collector has about an ID in a project; `undefined` if it is something else. */
export function parseRecord(
  json: unknown,
  project: string,
): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(json) || json['project'] !== project) return undefined;
  const { total_reports, active_days, facts, as_of } = json;
  const isRecordOfUser =
    Number.isInteger(total_reports) &&
    Array.isArray(active_days) &&
    isRecord(facts) &&
    isInstant(as_of);
  return isRecordOfUser ? json : undefined;
}
