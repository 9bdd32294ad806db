import type { ManifestEvents } from '../wire/manifest.js';
import { ALIVE_EVENT, STARTUP_EVENT } from '../wire/report.js';

/** The event that every project has. An app can declare it again, with fields. */
const STARTUP = { [STARTUP_EVENT]: { description: 'The program was started.', fields: {} } };

/** The events of a project that declares none. */
export const OWN_EVENTS: ManifestEvents = {
  ...STARTUP,
  [ALIVE_EVENT]: { description: 'The program still runs: about once a day.', fields: {} },
};

/** The same without the heartbeat. */
export const WITHOUT_HEARTBEAT: ManifestEvents = STARTUP;
