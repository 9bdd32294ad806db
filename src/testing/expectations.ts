import type { Report } from '../wire/report.js';
import { arrivalLines, eventOf, eventText } from './describe-arrivals.js';
import { failed } from './fail.js';
import { needlessHeaders } from './needless-headers.js';
import { personalIn } from './personal.js';
import type { ReportServer } from './report-server.js';
import { refuseDeclared, refuseExpected, refuseWaiting } from './refuse-misuse.js';
import type { TestHome } from './test-home.js';
import { type Declared, undeclaredIn } from './undeclared.js';
import { until } from './until.js';

/** How long an expectation waits. */
export interface Waiting {
  /**
   * The deadline.
   *
   * @default 10_000 for what must come, 1_500 for what must not
   */
  readonly withinMs?: number;
}

/** Values that a report's fields must have. Those that are not named may have any. */
export type ExpectedFields = Readonly<Record<string, string | number | boolean>>;

/**
 * The questions that a test asks. Each throws an `AssertionError` if the answer is no, or if the
 * collector is closed; a `TypeError` for an argument that it cannot mean.
 */
export interface Expectations {
  /**
   * Waits until an event has been reported with these values of fields.
   *
   * @returns the report
   * @example
   * await collector.expectReported('render', { cached: 'no' });
   */
  readonly expectReported: (
    event?: string,
    fields?: ExpectedFields,
    waiting?: Waiting,
  ) => Promise<Report>;
  /** Waits, and fails as soon as anything connects to the collector. */
  readonly expectNothing: (waiting?: Waiting) => Promise<void>;
  /** As {@link Expectations.expectNothing}; and Headcount must have no file in the home. */
  readonly expectOff: (waiting?: Waiting) => Promise<void>;
  /**
   * Every event, field and value that has come is declared, none looks like personal data, and no
   * request has a header that it does not need.
   *
   * @param declared - the manifest, or the app's instance of Headcount
   * @example
   * collector.expectDeclared(JSON.parse(readFileSync('headcount.manifest.json', 'utf8')));
   */
  readonly expectDeclared: (declared: Declared) => void;
}

const COMES_WITHIN_MS = 10_000;
const QUIET_FOR_MS = 1_500;

/** The {@link Expectations} of one collector. */
export function expectations(server: ReportServer, home: TestHome): Expectations {
  const { reports, requests, onChange } = server;
  const arrived = (): string =>
    arrivalLines({ reports, requests, connections: server.connections() }).join('\n');

  function refuseClosed(operator: string): void {
    if (!server.isClosed()) return;
    throw failed({
      operator,
      message: `${operator}() was called after close(): nothing can come any more.`,
      actual: 'closed',
      expected: 'open',
    });
  }

  async function quiet(operator: string, waiting: Waiting): Promise<void> {
    refuseClosed(operator);
    refuseWaiting(operator, waiting);
    const { withinMs = QUIET_FOR_MS } = waiting;
    const isThere = (): true | undefined =>
      server.connections() > 0 || requests.length > 0 || undefined;
    const came = await until(isThere, onChange, withinMs);
    if (!came) return;
    // A connection comes before what is sent over it.
    await until(() => requests.length > 0 || undefined, onChange, 500);
    throw failed({
      operator,
      message: `Nothing was expected to connect to the collector.\n${arrived()}`,
      actual: reports.map(eventOf),
      expected: [],
    });
  }

  return {
    async expectReported(event = 'startup', fields = {}, waiting = {}) {
      refuseClosed('expectReported');
      refuseExpected(event, fields);
      refuseWaiting('expectReported', waiting);
      const { withinMs = COMES_WITHIN_MS } = waiting;
      const fits = (report: Report): boolean =>
        report.event === event &&
        Object.entries(fields).every(([name, value]) => ownValue(report.fields, name) === value);
      const found = await until(() => reports.find(fits), onChange, withinMs);
      if (found) return found;
      const hint = home.files().length > 0 ? 'recorded' : 'none';
      throw failed({
        operator: 'expectReported',
        message: [
          `${eventText(event, fields)} was not reported within ${withinMs} ms.`,
          arrived(),
          ...(reports.length > 0 ? [] : [HINTS[hint]]),
        ].join('\n'),
        actual: reports.map(eventOf),
        expected: [{ event, fields }],
      });
    },
    expectNothing: (waiting = {}) => quiet('expectNothing', waiting),
    async expectOff(waiting = {}) {
      await quiet('expectOff', waiting);
      const files = home.files();
      if (files.length === 0) return;
      throw failed({
        operator: 'expectOff',
        message: 'Nothing came, but Headcount has written files, so telemetry was not off.',
        actual: files,
        expected: [],
      });
    },
    expectDeclared(declared) {
      refuseClosed('expectDeclared');
      refuseDeclared(declared);
      const faults = [
        ...reports.flatMap((report) => [...undeclaredIn(report, declared), ...personalIn(report)]),
        ...requests.flatMap(needlessHeaders),
      ];
      if (faults.length === 0) return;
      const different = [...new Set(faults)];
      throw failed({
        operator: 'expectDeclared',
        message: ['The reports contain what they must not:', ...different].join('\n  '),
        actual: different,
        expected: [],
      });
    },
  };
}

const HINTS = {
  recorded:
    'Headcount has files in the home, so something was recorded: did the program end before it could send? Where no process can be started at exit, it must await close().',
  none: 'Headcount has written nothing: does the program get collector.env, does it call track(), and is telemetry on (mode, disabled)?',
} as const;

const ownValue = (fields: Report['fields'], name: string): unknown =>
  fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
