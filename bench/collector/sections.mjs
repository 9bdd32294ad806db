// @ts-check
import { attack } from './sections/attack.mjs';
import { batches } from './sections/batches.mjs';
import { logging } from './sections/logging.mjs';
import { optimisations } from './sections/optimisations.mjs';
import { restart } from './sections/restart.mjs';
import { single } from './sections/single.mjs';
import { sizing } from './sections/sizing.mjs';
import { stats } from './sections/stats.mjs';
import { storage } from './sections/storage.mjs';
import { sustained } from './sections/sustained.mjs';

/** In the order of the tables. */
export const SECTIONS = [
  single,
  batches,
  stats,
  sustained,
  restart,
  storage,
  attack,
  logging,
  optimisations,
  sizing,
];
