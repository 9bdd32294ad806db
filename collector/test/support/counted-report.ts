import { randomBytes } from 'node:crypto';
import type { CountedReport } from '../../src/rules/counted-report.js';

export const DAY_MS = 86_400_000;
/** The day that reports come on, where nothing else is said. */
export const TODAY = 20_000;

export const noon = (day: number): number => day * DAY_MS + DAY_MS / 2;

export const uidOf = (name: string): Buffer => Buffer.from(name.padEnd(16, '.'));

/** A report as it is counted, each with a key of its own. */
export function countedReport(
  changes: Partial<CountedReport> & { user?: string } = {},
): CountedReport {
  const { user = 'ada', ...rest } = changes;
  const day = rest.day ?? TODAY;
  return {
    project: 'acme',
    uid: uidOf(user),
    ownerHash: null,
    reportKey: randomBytes(16),
    at: noon(day),
    madeAt: noon(day),
    day,
    receivedAt: noon(rest.receivedDay ?? TODAY),
    receivedDay: TODAY,
    os: 'Linux',
    version: '1.0.0',
    facts: { arch: 'x64' },
    event: 'startup',
    fields: {},
    lostTotal: null,
    ci: false,
    idSource: 'machine',
    idPersisted: true,
    marks: [],
    ...rest,
  };
}
