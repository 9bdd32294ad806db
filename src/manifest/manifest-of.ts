import type { Manifest, ManifestEvents } from '../wire/manifest.js';
import { REPORT_FACTS } from './report-facts.js';

/** What a project's reports may say, as the collector loads it. */
export const manifestOf = (project: string, events: ManifestEvents): Manifest => ({
  manifest_version: 1,
  project,
  report: REPORT_FACTS,
  events,
});
