import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RETENTION } from '../../src/rules/retention-classes.js';
import { countBy, createRandom } from '../forecast/random.js';
import { reportId } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { addDays, dateIn } from './calendar.js';
import { NaiveCount } from './naive-count.js';
import { naiveForecast } from './naive-forecast.js';
import type { WireReport } from './naive-report.js';
import type { Step } from './steps.js';
import { TOKEN, toRequest } from './to-request.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-08-03T12:00:00Z');
const PROJECTS = ['acme-cli', '@acme/ui'];
const ZONES = ['Pacific/Kiritimati', 'America/St_Johns', 'Asia/Kathmandu', 'Europe/Berlin'];
const PARTS = ['event:startup', 'event:build', 'field:build.bundler'];
const KEPT_DAYS = 70;

interface Life {
  readonly seed: number;
  readonly zone: string;
  readonly days: number;
  /** Whether 600 new people come on a day, and how long ago. */
  readonly floodedAgo: number | null;
  readonly isDropped: boolean;
}

/** Lives of a collector: reports of two projects, some late, people who are erased, and odd zones. */
const lives: fc.Arbitrary<Life> = fc.record({
  seed: fc.nat(1e6),
  zone: fc.constantFrom('UTC', ...ZONES),
  days: fc.integer({ min: 30, max: 110 }),
  floodedAgo: fc.option(fc.integer({ min: 1, max: 15 }), { nil: null, freq: 2 }),
  isDropped: fc.boolean(),
});

async function live({ seed, zone, days, floodedAgo, isDropped }: Life): Promise<void> {
  const undo: (() => void | Promise<void>)[] = [];
  const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
  try {
    const random = createRandom(seed);
    const nat = (below: number): number => Math.floor(random() * below);
    let now = START;
    const collector = await startCollector(
      {
        ...{ data: temporaryFolder(atEnd), adminToken: TOKEN, timezone: zone },
        now: () => new Date(now),
        ...(isDropped && { retention: { ...DEFAULT_RETENTION, activity: 66, rollups: KEPT_DAYS } }),
      },
      atEnd,
    );
    const authorization = `Bearer ${TOKEN}`;
    const count = new NaiveCount(zone);
    const sent: WireReport[] = [];
    let asked = 0;
    const send = async (step: Step): Promise<void> => {
      const request = toRequest(step, now, count, sent);
      if (request === undefined) return;
      const { status, ...rest } = request;
      // What this machine sends is not limited, and what it deletes is, by its address.
      const remoteAddress = rest.method === 'POST' ? '127.0.0.1' : `10.1.0.${asked++ % 250}`;
      const answer = await collector.app.inject({
        ...rest,
        headers: { authorization },
        remoteAddress,
      });
      expect({ step, status: answer.statusCode }).toEqual({ step, status });
    };
    for (const project of PROJECTS) {
      const url = `/v1/projects/${encodeURIComponent(project)}`;
      const payload = { status: 'open' };
      const headers = { authorization };
      expect(
        (await collector.app.inject({ method: 'PUT', url, payload, headers })).statusCode,
      ).toBe(201);
    }

    await send({ kind: 'manifest', project: 'acme-cli', isThere: true });

    /** Reports by the day on which they are sent. */
    const outbox = new Map<number, WireReport[]>();
    const write = (day: number, project: string, user: string, lateDays: number): void => {
      const at = START + day * DAY_MS - nat(12 * 3_600_000);
      const info = { os: ['Linux', 'Windows'][nat(2)], version: ['1.0.0', '1.1.0'][nat(2)] };
      const ci = nat(30) === 0 ? 'github' : null;
      const report = {
        ...{
          report_id: reportId(at),
          anonymous_id: user,
          project,
          event: ['startup', 'build'][nat(2)],
        },
        ...{ timestamp: new Date(at).toISOString(), info: { ...info, ci } },
        ...(nat(2) === 0 && { fields: { bundler: ['vite', 'webpack'][nat(2)] } }),
      };
      outbox.set(day + lateDays, [...(outbox.get(day + lateDays) ?? []), report]);
    };
    for (let day = 0; day < days; day++) {
      now = START + day * DAY_MS + nat(3_600_000);
      for (const [at, project] of PROJECTS.entries()) {
        // The second project begins later, and has days without anybody.
        if (at === 1 && day < 10) continue;
        const mean = (at === 0 ? 25 : 2) * (day % 7 > 4 ? 0.5 : 1);
        const people = nat(40) === 0 ? 0 : countBy(random, mean);
        for (let n = 0; n < people; n++) {
          write(day, project, `user-${nat(60)}`, nat(8) === 0 ? nat(25) : 0);
        }
      }
      if (floodedAgo !== null && day === days - 1 - floodedAgo) {
        for (let n = 0; n < 600; n++) write(day, 'acme-cli', `made-up-${n}`, 0);
      }
      const reports = outbox.get(day) ?? [];
      for (let first = 0; first < reports.length; first += 100) {
        const batch = reports.slice(first, first + 100);
        await send({ kind: 'reports', reports: batch, sentAt: undefined, path: '/v1/reports' });
      }
      const project = PROJECTS[nat(2)] ?? '';
      if (nat(12) === 0) await send({ kind: 'delete', project, user: `user-${nat(60)}` });
      if (nat(40) === 0) await send({ kind: 'zone', project, zone: ZONES[nat(4)] ?? '' });
    }
    await collector.get('/v1/stats/summary');
    let keptFrom = '';
    if (isDropped) {
      const run = await collector.post('/v1/retention/runs', { dry_run: false }, { authorization });
      expect(run.status).toBe(202);
      await until('what is old is dropped', async () => {
        const { body } = await collector.get('/v1/retention', { authorization });
        return body['running'] === null && body['last_run'] !== null;
      });
      keptFrom = addDays(dateIn('UTC', now), 1 - KEPT_DAYS);
    }

    for (let n = 0; n < 16; n++) {
      const project = [...PROJECTS, 'nobody', undefined][nat(4)];
      const today = dateIn(count.zoneOf(project ?? null), now);
      const to = addDays(today, -nat(40));
      const span = [{}, { to }, { from: addDays(to, -nat(20)), to }, { to: addDays(today, 3) }][
        nat(4)
      ];
      const metric = ['active', 'new', 'reports', undefined][nat(4)];
      const of = metric === 'reports' ? [...PARTS, undefined][nat(4)] : undefined;
      const query = {
        ...(project !== undefined && { project }),
        ...(metric !== undefined && { metric }),
        ...(of !== undefined && { of }),
        ...span,
      };
      const url = `/v1/stats/forecast?${new URLSearchParams(query).toString()}`;
      const { status, body } = await collector.get(url);
      const expected = naiveForecast(
        { count, query, project: project ?? null, zone: count.zoneOf(project ?? null), now },
        keptFrom,
      ) as { rows: { date: string }[] };
      if ((expected.rows[0]?.date ?? today) < keptFrom) {
        expect([url, status, body['code']]).toEqual([url, 400, 'bad_parameter']);
        continue;
      }
      const rows = body['rows'] as { flags: string[]; reasons: unknown[] }[];
      const remarkable = rows.filter(({ flags }) =>
        flags.some((flag) => ['low', 'high', 'slow_fall', 'slow_rise'].includes(flag)),
      );
      const withReasons = rows.filter(({ reasons }) => reasons.length > 0);
      expect(remarkable.slice(-3)).toEqual(expect.arrayContaining(withReasons));
      const withoutReasons = rows.map((row) => ({ ...row, reasons: undefined }));
      expect({ url, body: { ...body, rows: withoutReasons } }).toEqual({
        url,
        // An answer may be given again in the same second.
        body: { ...expected, as_of: body['as_of'] },
      });
    }
  } finally {
    for (const step of undo) await step();
  }
}

it('forecasts what one expects who counts all reports anew', async () => {
  const runs = Number(process.env['HEADCOUNT_MODEL_RUNS'] ?? 3);
  await fc.assert(fc.asyncProperty(lives, live), { numRuns: runs, endOnFailure: true });
}, 600_000);
