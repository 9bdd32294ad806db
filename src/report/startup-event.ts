import type { ManifestEvents } from '../wire/manifest.js';
import { STARTUP_EVENT } from '../wire/report.js';

/** The event that every project has. An app can declare it again, with fields. */
export const STARTUP: ManifestEvents = {
  [STARTUP_EVENT]: { description: 'The program was started.', fields: {} },
};
