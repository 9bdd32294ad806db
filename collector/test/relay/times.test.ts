import { expect, it } from 'vitest';
import { until } from '../support/until.js';
import { firstGenerationReport, fullReport, reportId } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { listen, startRelay } from '../support/start-relay.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** When the clients send. */
const SENT = Date.parse('2026-11-10T09:59:00.000Z');

const iso = (ms: number): string => new Date(ms).toISOString();

/** A client: how far its clock is ahead, how old its report is, and how long its batch was on its way. */
interface Client {
  readonly name: string;
  readonly aheadMs?: number;
  readonly ageMs?: number;
  readonly delayMs?: number;
  readonly body?: (clock: number) => object;
}

const CLIENTS: readonly Client[] = [
  { name: 'a right clock' },
  { name: 'a report of yesterday', ageMs: 20 * HOUR_MS },
  { name: 'a report of 25 days ago', ageMs: 25 * DAY_MS },
  { name: 'a clock 4 hours fast', aheadMs: 4 * HOUR_MS },
  { name: 'a clock 40 days fast', aheadMs: 40 * DAY_MS },
  { name: 'a clock of another zone', aheadMs: -8 * HOUR_MS },
  { name: 'a clock of 1970', aheadMs: -SENT },
  { name: 'a clock of 9999', aheadMs: Date.parse('9999-06-30T00:00:00Z') - SENT },
  { name: 'a batch of 20 hours and a bit ago', delayMs: 20.3 * HOUR_MS, ageMs: HOUR_MS },
  { name: 'a batch of 3 days ago', delayMs: 3.01 * DAY_MS, ageMs: HOUR_MS },
  {
    name: 'a late batch with its proof',
    body: (clock) => ({
      sent_at: iso(clock - 20 * HOUR_MS),
      reports: [
        fullReport({ timestamp: iso(clock - 21 * HOUR_MS), anonymous_id: 'early' }),
        fullReport({ timestamp: iso(clock - HOUR_MS), anonymous_id: 'late' }),
      ],
    }),
  },
  { name: 'no sent_at', body: (clock) => fullReport({ timestamp: iso(clock - 30 * HOUR_MS) }) },
  {
    name: 'no sent_at, of the future',
    body: (clock) => fullReport({ timestamp: iso(clock + DAY_MS) }),
  },
  { name: 'no sent_at, of 1999', body: () => fullReport({ timestamp: '1999-01-01T00:00:00Z' }) },
  {
    name: 'the first generation',
    body: () => firstGenerationReport({ timestamp: '2026-11-01T12:00:00' }),
  },
  { name: 'no time at all', body: () => fullReport({ timestamp: 'yesterday' }) },
  {
    name: 'a sent_at that says nothing',
    body: (clock) => ({
      sent_at: 'now',
      reports: [fullReport({ timestamp: iso(clock - 25 * HOUR_MS) })],
    }),
  },
  {
    name: 'a report of the future in a right batch',
    body: (clock) => ({
      sent_at: iso(clock),
      reports: [fullReport({ timestamp: iso(clock + 2 * DAY_MS) })],
    }),
  },
  {
    name: 'a report of 40 days ago in a right batch',
    body: (clock) => ({
      sent_at: iso(clock),
      reports: [fullReport({ timestamp: iso(clock - 40 * DAY_MS) })],
    }),
  },
];

function bodyOf({ aheadMs = 0, ageMs = 60_000, delayMs = 0, body }: Client): object {
  if (body !== undefined) return body(SENT);
  const clock = SENT + aheadMs - delayMs;
  const timestamp = iso(clock - ageMs);
  return {
    sent_at: iso(clock),
    reports: [fullReport({ timestamp, report_id: reportId(clock - ageMs) })],
  };
}

/** The body of a client, of a project of its own. */
function bodyOfProject(client: Client, at: number): object {
  const project = `client-${at}`;
  const body = bodyOf(client);
  if (!('reports' in body)) return { ...body, project };
  return { ...body, reports: (body.reports as object[]).map((one) => ({ ...one, project })) };
}

/** The reports of each day, by the day’s date. */
async function days(collector: TestCollector, at: number): Promise<Record<string, number>> {
  const range = 'from=2026-10-01&to=2026-11-20';
  const { body } = await collector.get(
    `/v1/stats/timeseries?metric=reports&project=client-${at}&${range}`,
  );
  const rows = body['rows'] as { value: number }[];
  return Object.fromEntries(
    rows.flatMap(({ value }, day) =>
      value === 0 ? [] : [[iso(Date.parse('2026-10-01') + day * DAY_MS).slice(0, 10), value]],
    ),
  );
}

/** What the collector says of a clock. */
async function clockMarks(collector: TestCollector, at: number) {
  const { clock_corrected, day_uncertain } = await collector.store.quality({
    project: `client-${at}`,
  });
  return { clock_corrected, day_uncertain };
}

it.each([
  ['at once', 0, 0],
  ['after 4 days without a network', 4 * DAY_MS, 0],
  ['after 4 days, by a relay whose clock is 3 hours slow', 4 * DAY_MS, -3 * HOUR_MS],
])('what is passed on %s counts on the same day as without a relay', async (_, keptMs, aheadMs) => {
  let clock = SENT;
  const now = (): Date => new Date(clock);
  // A relay's own wrong clock is corrected too, and marked.
  const marks = aheadMs === 0 ? clockMarks : () => Promise.resolve({});
  const relayNow = (): Date => new Date(clock + aheadMs);
  const direct = await startCollector({ now });
  const away = await startRelay('http://127.0.0.1:9', { now: relayNow });
  for (const [at, client] of CLIENTS.entries()) {
    const body = bodyOfProject(client, at);
    expect(await direct.post('/v1/reports', body)).toMatchObject({ status: 202 });
    expect(await away.post('/v1/reports', body)).toMatchObject({ status: 202 });
  }
  const expected = new Map<string, object>();
  for (const [at, { name }] of CLIENTS.entries()) {
    expected.set(name, { ...(await days(direct, at)), ...(await marks(direct, at)) });
  }
  await away.close();
  clock += keptMs;
  const collector = await startCollector({ now });
  const relay = await startRelay(await listen(collector), { data: away.data, now: relayNow });
  await until('it is passed on', async () => (await relay.state())['waiting_reports'] === 0);
  const found = new Map<string, object>();
  for (const [at, { name }] of CLIENTS.entries()) {
    found.set(name, { ...(await days(collector, at)), ...(await marks(collector, at)) });
  }
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
});
