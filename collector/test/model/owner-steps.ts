import fc from 'fast-check';
import { bearer, fullReport, ownerOf } from '../support/reports.js';
import type { Asking, OwnedReport, Who } from './naive-owners.js';

export const IDS = ['9f86d081884c7d65', 'a1b2c3d4e5f60718'];
export const OWNED_PROJECTS = ['acme-cli', 'other'];
export const ASKING: readonly Asking[] = ['A', 'B', 'nobody', 'administrator'];

export const ADMIN_TOKEN = 'the-administrator-of-tests';

/** A proof is for one project, so an install has several. */
const proofOf = (who: 'A' | 'B', project: string): string =>
  (who === 'A' ? 'a' : 'b').repeat(63) + String(OWNED_PROJECTS.indexOf(project));

/** What a request of somebody has in its headers. */
export function tokenOf(who: Asking, project: string): Record<string, string> {
  if (who === 'nobody') return {};
  return bearer(who === 'administrator' ? ADMIN_TOKEN : proofOf(who, project));
}

/** A report as it is sent. Who has no secret leaves the owner out, or names none that can be one. */
export function toWire({ reportId, project, id, by, madeAt }: OwnedReport): object {
  const { owner, ...report } = fullReport({
    report_id: reportId,
    project,
    anonymous_id: id,
    timestamp: new Date(madeAt).toISOString(),
  });
  if (by !== 'nobody') return { ...report, owner: ownerOf(proofOf(by, project)) };
  return reportId.endsWith('f') ? { ...report, owner: owner?.toUpperCase() } : report;
}

/** What happens to a collector. Of reports it is told how long ago they were made. */
export type OwnerStep =
  | {
      readonly kind: 'reports';
      readonly reports: readonly (Omit<OwnedReport, 'madeAt'> & { readonly age: number })[];
    }
  /** Sends reports again, perhaps as somebody else. */
  | { readonly kind: 'again'; readonly which: readonly number[]; readonly by: Who }
  | {
      readonly kind: 'delete';
      readonly who: Asking;
      readonly project: string;
      readonly id: string;
    }
  | { readonly kind: 'restart' };

const who = fc.constantFrom<Who>('A', 'A', 'B', 'B', 'nobody');
const user = { project: fc.constantFrom(...OWNED_PROJECTS), id: fc.constantFrom(...IDS) };

/** @param ages - How long before it is sent a report was made, in milliseconds. */
export const ownerSteps = (ages: readonly number[]): fc.Arbitrary<OwnerStep> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('reports' as const),
        reports: fc.array(
          fc.record({
            ...user,
            reportId: fc.uuid({ version: 7 }),
            by: who,
            age: fc.constantFrom(...ages),
          }),
          { minLength: 1, maxLength: 4 },
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('again' as const),
        which: fc.array(fc.nat(100), { minLength: 1, maxLength: 3 }),
        by: who,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('delete' as const),
        ...user,
        who: fc.constantFrom<Asking>('A', 'A', 'B', 'B', 'nobody', 'administrator'),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  );
