import type { Report, ReportInfo, Verdict } from '../wire/report.js';
import { machine } from './platform/machine.js';

/** A report without the facts that are not known at the edge. */
export interface EdgeReport extends Omit<Report, 'info'> {
  readonly info: Partial<ReportInfo>;
}

/** What has become of a batch. */
type Posted =
  | {
      readonly accepted: number;
      /** The collector asks for these again. */
      readonly again: readonly EdgeReport[];
      readonly error?: undefined;
    }
  /** Why nothing is known of the batch: it is sent again later. */
  | { readonly error: string };

const TIMEOUT_MS = 10_000;
/** With these, a collector drops what can never be read. */
const REFUSALS = [400, 404, 410, 413, 415, 422];

/** Posts a batch. Only an answer of a collector drops a report. */
export async function post(
  send: typeof fetch,
  url: string,
  reports: readonly EdgeReport[],
): Promise<Posted> {
  try {
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sent_at: new Date(machine.now()).toISOString(), reports }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { ok, status } = response;
    const text = await response.text();
    if (ok) return answered(JSON.parse(text || '{}') as Partial<Verdict>, reports);
    if (REFUSALS.includes(status) && text.includes('urn:headcount:problem:')) {
      return { accepted: 0, again: [] };
    }
    return { error: `the collector answered ${status}` };
  } catch (error) {
    return { error: String(error) };
  }
}

function answered(verdict: Partial<Verdict>, reports: readonly EdgeReport[]): Posted {
  const rejected = verdict.rejected ?? [];
  const again = rejected.flatMap(({ retry, index }) => (retry && reports[index]) || []);
  return { accepted: reports.length - rejected.length, again };
}
