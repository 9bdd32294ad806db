// @ts-check
import { blocking } from './sections/blocking.mjs';
import { evaluatedCode } from './sections/evaluated-code.mjs';
import { exitUpload } from './sections/exit-upload.mjs';
import { firstTrack } from './sections/first-track.mjs';
import { importCost } from './sections/import-cost.mjs';
import { installSize } from './sections/install-size.mjs';
import { serverApp } from './sections/server-app.mjs';
import { trackCost } from './sections/track-cost.mjs';
import { usualRun } from './sections/usual-run.mjs';

/** In the order of the tables. */
export const SECTIONS = [
  importCost,
  firstTrack,
  trackCost,
  usualRun,
  exitUpload,
  blocking,
  serverApp,
  evaluatedCode,
  installSize,
];
