import type { CountedReport } from './counted-report.js';

/**
 * How sure it is that an ID is one person.
 *
 * - `certain`: made from the machine, or handed down: it comes back when the home is lost.
 * - `likely`: random and kept, or made anew because the home had come from another machine; a
 *   person whose home or container was thrown away is counted anew.
 * - `ephemeral`: random and not kept: another one in the next run.
 * - `ci`: a build farm, and nobody.
 */
export type Band = 'certain' | 'likely' | 'ephemeral' | 'ci';

/** The band of one ID, by what its reports have said of how it was made. */
export function bandOf({
  ci,
  idSource,
  idPersisted,
}: Pick<CountedReport, 'ci' | 'idSource' | 'idPersisted'>): Band {
  if (ci || idSource === 'ci') return 'ci';
  if (idSource === 'machine' || idSource === 'given') return 'certain';
  // Clients of the first generation say nothing of their IDs, and keep them.
  return idPersisted === false ? 'ephemeral' : 'likely';
}

/** How sure it is that a person's ID is one person, whatever the person was doing. */
export function certaintyOf({
  idSource,
  idPersisted,
}: Pick<CountedReport, 'idSource' | 'idPersisted'>): Exclude<Band, 'ci'> {
  const band = bandOf({ ci: false, idSource, idPersisted });
  // Whoever reports from a build farm and from elsewhere has an ID of their own.
  return band === 'ci' ? 'likely' : band;
}
