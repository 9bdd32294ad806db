import type { Static } from 'typebox';
import type { annotationsSchema } from '../../stats/annotations-route.js';
import { dateOfDay, dayOfDate } from '../../rules/day.js';
import type { Asked } from '../gather.js';
import { RefusedError } from '../gather.js';

type Annotations = Static<typeof annotationsSchema>;

/** How far back releases are looked for, in days: as far as counts are kept. */
const REACHES = [3600, 1500, 760, 395, 180, 90, 28];

/** Slots are given by the place in the list, modulo this. */
const PAD = 6;

/** A place of nobody, so that those after it keep theirs. */
const NOBODY = '';

/** Asks for the releases of all days that are kept. */
export async function askReleases({
  want,
  view,
}: Pick<Asked, 'want' | 'view'>): Promise<Annotations['rows']> {
  const today = dayOfDate(view.today) ?? 0;
  for (const reach of REACHES) {
    try {
      const from = dateOfDay(today - reach);
      const answer = await want<Annotations>('/v1/stats/annotations', { from });
      return answer?.rows.filter(({ kind }) => kind === 'release') ?? [];
    } catch (error) {
      // The days before are no longer kept: fewer may be.
      if (error instanceof RefusedError && error.refusal.code === 'bad_parameter') continue;
      throw error;
    }
  }
  return [];
}

/**
 * All versions in the order in which they came, so that each keeps its colour: those that were there
 * before any release is known, in the order of versions, then the releases.
 *
 * @param present - The versions that people have, the latest first.
 */
export function knownVersions(
  releases: Annotations['rows'],
  present: readonly string[],
): readonly string[] {
  const released = [...new Set(releases.flatMap(({ version }) => version ?? []))];
  const before = present.filter((version) => !released.includes(version)).reverse();
  const missing = (PAD - (before.length % PAD)) % PAD;
  return [...Array.from({ length: missing }, () => NOBODY), ...before, ...released];
}
