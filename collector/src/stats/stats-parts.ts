import { Type } from 'typebox';
import type { Guards } from '../access/guards.js';
import type { Projects } from '../access/projects.js';
import type { Counting } from '../counting/counting.js';
import { MAX_PROJECT_CHARACTERS } from '../intake/limits.js';
import type { StoreReader } from '../store/store-reader.js';

/** What the questions need. */
export interface StatsParts {
  readonly counting: Pick<Counting, 'caughtUp' | 'version'>;
  readonly projects: Pick<Projects, 'zoneOf'>;
  readonly store: StoreReader;
  readonly now: () => Date;
}

/** What the routes of questions need. */
export interface StatsRouteParts extends StatsParts {
  /** Each of them, in this order, may refuse a request. */
  readonly guards: Guards;
}

/** How long an answer waits for what was acknowledged before it to be counted, in milliseconds. */
export const CATCH_UP_MS = 1000;

/** The query parameter of every question about users. */
export const scopeMembers = {
  project: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_PROJECT_CHARACTERS,
      description: 'One project; all without it, where a user of two projects counts twice',
    }),
  ),
};
