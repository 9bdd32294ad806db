import fc from 'fast-check';
import type { WireReport } from './naive-report.js';

export const PROJECTS = ['acme-cli', '@acme/ui', 'third'];
const USERS = ['ada', 'bob', '9f86d081884c7d65', 'eve', 'mallory', 'ci-github'];
export const PEOPLE = USERS.filter((user) => !user.startsWith('ci-'));

/** Makes a report, once it is known when the stream is at its middle, by the client's clock. */
export type ToWire = (middle: number) => WireReport;

/** One value, and now and then another. */
const often = <Value>(usual: Value, ...rest: Value[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, fc.constantFrom(...rest));

const info = fc.record(
  {
    os: often<unknown>('Linux', 'Darwin', ' Windows ', 7, '=1+1', 'a "b", c\r\nd'),
    version: fc.constantFrom<unknown>('1.0.0', '1.1.0', '2.0.0', 'v'.repeat(70)),
    os_version: fc.constantFrom('6.18', '25.1'),
    arch: fc.constantFrom('x64', 'arm64'),
    runtime: often<unknown>('node', 'bun', null),
    runtime_version: fc.constantFrom('20.20', '24.1'),
    id_source: often<unknown>('machine', 'time', 'copied', 'given', 'ci', 'dice'),
    id_persisted: often<unknown>(true, false, 'yes'),
    ci: often<unknown>(
      null,
      'github',
      true,
      1,
      '1',
      'true',
      false,
      '',
      ' ',
      0,
      '0',
      'false',
      'False',
      'none',
      'GitHub Actions',
      '1.0',
      ' YES ',
      'y',
      't',
      'on',
      'n',
      'f',
      'Off',
      '0.0',
      'NaN',
      '-',
      -1,
      2,
      [],
      {},
    ),
    container: often<unknown>(false, true, 'no'),
    wsl: fc.boolean(),
    agent: often<unknown>(null, 'claude'),
    channel: often<unknown>('npm', 'npx', 'docker', null, '/home/ada', 7),
    level: often<unknown>('full', 'basic', null, 'all', true),
    colour: fc.constantFrom('red', null),
  },
  { requiredKeys: ['os'] },
);

const fields = fc.record(
  {
    bundler: often<unknown>('vite', 'webpack', 'grunt', '=1+1', 'a "b", c\r\nd'),
    cached: often<unknown>(true, false, 'maybe'),
    size: fc.constantFrom<unknown>('<100', '>=100', 70, ' ', null),
  },
  { requiredKeys: [] },
);

/** The ID of a report, perhaps by when it was made. */
export type WireId = string | ((madeAt: number) => string) | null | undefined;

/** What differs between streams. */
export interface WireReportParts {
  readonly id: fc.Arbitrary<WireId>;
  /** How long before the middle it was made, in milliseconds; below 0 it was later. */
  readonly age: fc.Arbitrary<number>;
  readonly written: fc.Arbitrary<(at: number) => string>;
}

/** Reports such as clients send, and some that none does. */
export function wireReports({ id, age, written }: WireReportParts): fc.Arbitrary<ToWire> {
  const user = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<unknown>(...PEOPLE) },
    fc.constantFrom<unknown>(...USERS, '', 7),
  );
  const members = {
    anonymous_id: user,
    owner: often<unknown>(undefined, null, 'a'.repeat(32), 'b'.repeat(32), 'B'.repeat(32), '', 7),
    project: fc.oneof(
      { weight: 15, arbitrary: fc.constantFrom(...PROJECTS) },
      fc.constant(undefined),
    ),
    event: often<unknown>('build', 'startup', 'alive', 'deploy', 'Not a name', null, undefined),
    fields: fc.oneof({ weight: 5, arbitrary: fields }, fc.constantFrom(null, undefined)),
    lost_total: fc.constantFrom<unknown>(undefined, null, 0, 1, 5, -1, 2.5),
    info,
  };
  return fc
    .record({ id, members: fc.record(members), age, written })
    .map(({ id: own, members: rest, age: ago, written: write }) => (middle) => {
      const all = { report_id: typeof own === 'function' ? own(middle - ago) : own, ...rest };
      const given = Object.entries(all).filter(([, value]) => value !== undefined);
      return { ...Object.fromEntries(given), timestamp: write(middle - ago) };
    });
}

/** Reports of the first generation: local times without a zone, and nothing new. */
export const firstGeneration = (age: fc.Arbitrary<number>): fc.Arbitrary<ToWire> =>
  fc
    .record({ user: fc.constantFrom(...PEOPLE), project: fc.constantFrom(...PROJECTS), age })
    .map(({ user, project, age: ago }) => (middle) => ({
      anonymous_id: user,
      timestamp: new Date(middle - ago).toISOString().replace('Z', '456'),
      project,
      info: { os: 'Windows', version: '1.0.4' },
    }));

const HOUR_MS = 3_600_000;

/** IDs that tell when they were made, nearly always the truth. */
const dated: fc.Arbitrary<WireId> = fc
  .record({ id: fc.uuid({ version: 7 }), wrongBy: often(0, -23 * HOUR_MS, 25 * HOUR_MS) })
  .map(({ id, wrongBy }) => (madeAt) => {
    const time = Math.max(0, madeAt + wrongBy)
      .toString(16)
      .padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}${id.slice(13)}`;
  });

/** New IDs, some that come again from anywhere, texts that are no UUID, and none. */
export const anyId: fc.Arbitrary<WireId> = fc.oneof(
  { weight: 3, arbitrary: dated },
  { weight: 3, arbitrary: fc.uuid({ version: 4 }) },
  { weight: 2, arbitrary: fc.nat(5).map((n) => `0197a000-0000-4000-8000-00000000000${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('0197A000-0000-4000-8000-000000000001', 'r1', 'r2') },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null) },
);

/** How clients write a moment. */
export const inWords: fc.Arbitrary<(at: number) => string> = fc.constantFrom(
  (at: number) => new Date(at).toISOString(),
  (at: number) => new Date(at + 5.75 * HOUR_MS).toISOString().replace('Z', '+05:45'),
);

/** How clients write a moment that cannot be read, or cannot be. */
export const inVain: fc.Arbitrary<(at: number) => string> = fc.constantFrom(
  (at: number) => new Date(at).toISOString().replace('Z', '456'),
  () => 'yesterday',
  () => '1970-01-01T00:00:00Z',
  () => '2099-12-31T23:59:59Z',
);
