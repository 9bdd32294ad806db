// @ts-check
import { blocking } from './sections/blocking.mjs';
import { exitOverhead } from './sections/exit-overhead.mjs';
import { importCost } from './sections/import-cost.mjs';
import { installSize } from './sections/install-size.mjs';
import { serverApp } from './sections/server-app.mjs';
import { trackCost } from './sections/track-cost.mjs';

/** In the order of the tables. */
export const SECTIONS = [importCost, trackCost, blocking, exitOverhead, serverApp, installSize];
