import type { Static } from 'typebox';
import { isPreRelease } from '../../rules/compare-versions.js';
import { dateOfDay, dayOfDate } from '../../rules/day.js';
import type { annotationsSchema } from '../../stats/annotations-route.js';
import type { Asked } from '../gather.js';
import { RefusedError } from '../gather.js';

type Annotations = Static<typeof annotationsSchema>;

/** How far back releases are looked for, in days: as far as counts are kept. */
const REACHES = [3600, 1500, 760, 395, 180, 90, 28];

/** Slots are given by the place in the list, modulo this. */
const PAD = 6;

/** A place of nobody, so that those after it keep theirs. */
const NOBODY = '';

/**
 * What is asked of `GET /v1/stats/support` about the versions that people have. Every page that gives
 * versions their colours asks exactly this, so that the colours are the same.
 */
export const VERSIONS_QUESTION = { window: '28d', limit: '1000' } as const;

/** The releases that are known. */
export interface Releases {
  readonly rows: Annotations['rows'];
  /** Annotations before them that the answer had no room for. */
  readonly leftOut: number;
}

/** Asks for the releases of all days that are kept. */
export async function askReleases({ want, view }: Pick<Asked, 'want' | 'view'>): Promise<Releases> {
  const today = dayOfDate(view.today) ?? 0;
  for (const reach of REACHES) {
    try {
      const from = dateOfDay(today - reach);
      const answer = await want<Annotations>('/v1/stats/annotations', { from });
      return {
        rows: answer?.rows.filter(({ kind }) => kind === 'release') ?? [],
        leftOut: answer?.left_out ?? 0,
      };
    } catch (error) {
      // The days before are no longer kept: fewer may be.
      if (error instanceof RefusedError && error.refusal.code === 'bad_parameter') continue;
      throw error;
    }
  }
  return { rows: [], leftOut: 0 };
}

/**
 * The versions in the order in which they came, so that each keeps its colour: those that were there
 * before any release is known, in the order of versions, then the releases.
 *
 * @param present - All that {@link VERSIONS_QUESTION} answers, the latest first.
 */
export function knownVersions(
  { rows, leftOut }: Releases,
  present: readonly string[],
): readonly string[] {
  const released = new Set(rows.flatMap(({ version }) => version ?? []));
  const before = present
    .filter((version) => !released.has(version) && isPreRelease(version) !== null)
    .reverse();
  const missing = (((leftOut - before.length) % PAD) + PAD) % PAD;
  return [...Array.from({ length: missing }, () => NOBODY), ...before, ...released];
}

/** The end of the list that gives the same colours. */
export const latestVersions = (known: readonly string[]): readonly string[] =>
  known.slice(Math.max(0, Math.floor((known.length - PAD) / PAD) * PAD));
