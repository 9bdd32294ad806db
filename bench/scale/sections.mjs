// @ts-check
import { cache } from './sections/cache.mjs';
import { counting } from './sections/counting.mjs';
import { failover } from './sections/failover.mjs';
import { move } from './sections/move.mjs';
import { outage } from './sections/outage.mjs';
import { questions } from './sections/questions.mjs';
import { space } from './sections/space.mjs';

/** In the order of the tables. Failovers come last: the primary is another one then. */
export const SECTIONS = [counting, questions, space, cache, outage, move, failover];
