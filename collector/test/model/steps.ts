import fc from 'fast-check';
import type { WireReport } from './naive-report.js';
import { PEOPLE, PROJECTS } from './wire-reports.js';

/** One request to a collector. */
export type Step =
  | {
      readonly kind: 'reports';
      readonly reports: readonly WireReport[];
      readonly sentAt: string | undefined;
      /** First-generation clients have a path of their own, and send one report. */
      readonly path: '/v1/reports' | '/statistics';
      /** The address that it comes from; this machine's without it. */
      readonly from?: string;
    }
  /** Sends again some of the reports sent so far, perhaps under another's name. */
  | { readonly kind: 'again'; readonly which: readonly number[]; readonly as: string | undefined }
  | { readonly kind: 'delete'; readonly project: string; readonly user: string }
  | { readonly kind: 'zone'; readonly project: string; readonly zone: string }
  | { readonly kind: 'manifest'; readonly project: string; readonly isThere: boolean };

/** Steps that do not say when they are. */
export type TimelessStep = Exclude<Step, { kind: 'reports' }>;

const project = fc.constantFrom(...PROJECTS);

/** Everything that happens to a collector beside new reports. */
export const timelessSteps = (zones: readonly string[]): fc.Arbitrary<TimelessStep> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('again' as const),
        which: fc.array(fc.nat(2000), { minLength: 1, maxLength: 6 }),
        as: fc.option(fc.constantFrom(...PEOPLE), { nil: undefined }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('delete' as const),
        project,
        user: fc.constantFrom(...PEOPLE),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('zone' as const),
        project,
        zone: fc.constantFrom(...zones),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('manifest' as const),
        project,
        isThere: fc.boolean(),
      }),
    },
  );
