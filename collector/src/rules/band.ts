import type { CountedReport } from './counted-report.js';

/**
 * How sure it is that an ID is one person.
 *
 * - `certain`: made from the machine, or handed down: it comes back when the home is lost.
 * - `likely`: random and kept, or made anew because the home had come from another machine; a
 *   person whose home or container was thrown away is counted anew.
 * - `ephemeral`: random and not kept: another one in the next run.
 * - `ci`: a build farm, not a person.
 */
export type Band = 'certain' | 'likely' | 'ephemeral' | 'ci';

/** The band of an ID, by how its reports say that it was made. */
export function bandOf({
  ci,
  idSource,
  idPersisted,
}: Pick<CountedReport, 'ci' | 'idSource' | 'idPersisted'>): Band {
  if (ci || idSource === 'ci') return 'ci';
  if (idSource === 'machine' || idSource === 'given') return 'certain';
  // Clients of the first generation keep their IDs, and do not say so.
  return idPersisted === false ? 'ephemeral' : 'likely';
}

/** How sure it is that a person's ID is one person, ignoring reports from build farms. */
export function certaintyOf({
  idSource,
  idPersisted,
}: Pick<CountedReport, 'idSource' | 'idPersisted'>): Exclude<Band, 'ci'> {
  const band = bandOf({ ci: false, idSource, idPersisted });
  // An ID that also reports from outside a build farm belongs to a person.
  return band === 'ci' ? 'likely' : band;
}
