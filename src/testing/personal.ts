import { hostname, userInfo } from 'node:os';
import { findOwnName, findPersonal } from '../report/find-personal.js';
import { SANITIZE_LABELS } from '../report/personal-patterns.js';
import { isRecord } from '../type-guards.js';
import type { Report } from '../wire/report.js';

/** Values that are random, or times, and that only the protocol makes. */
const NOT_OF_THE_APP = ['report_id', 'anonymous_id', 'owner', 'timestamp'];
const LABELS = Object.keys(SANITIZE_LABELS);

/** The personal data in a report, one sentence each. Does not repeat the data. */
export function personalIn(report: Report): string[] {
  return textsOf(report, []).flatMap(([path, text]) => {
    if (NOT_OF_THE_APP.includes(path)) return [];
    const marker = /^<(\w+)>$/.exec(text)?.[1];
    if (marker !== undefined && LABELS.includes(marker)) {
      return [`${path} was personal data (${marker}), which Headcount has replaced by ${text}`];
    }
    // A project may have the name of its author's account.
    const found = findPersonal(text) ?? (path === 'project' ? undefined : ownName(text));
    return found === undefined ? [] : [`${path} looks like personal data (${found})`];
  });
}

function textsOf(value: unknown, path: readonly string[]): [path: string, text: string][] {
  if (typeof value === 'string') return [[path.join('.'), value]];
  if (!isRecord(value) && !Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => textsOf(each, [...path, name]));
}

function ownName(text: string): string | undefined {
  return findOwnName(text, { users: userNames(), hosts: [hostname()] });
}

function userNames(): string[] {
  try {
    return [userInfo().username];
  } catch {
    return []; // in a container, an account may have no name
  }
}
