import type { ManifestEvents } from '../wire/manifest.js';
import { STARTUP_EVENT } from '../wire/report.js';

/** The event of every project. An app may declare it anew, with fields. */
export const STARTUP: ManifestEvents = {
  [STARTUP_EVENT]: { description: 'The program was started.', fields: {} },
};
