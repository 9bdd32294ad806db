import type { Manifest, ManifestEvents } from '../wire/manifest.js';

/**
 * What every report says, by its path, in words for the people it is reported from. A test holds
 * it to the schema of the wire, both ways.
 */
export const REPORT_FACTS = {
  report_id: 'A random ID of the report, so that it counts once however often it is sent.',
  anonymous_id:
    'A random-looking ID of 16 hex digits for this program on this machine, another one for each program: it counts people once and says nothing of who they are. In CI it is the name of the CI service.',
  timestamp: 'When it happened.',
  project: 'The name of the program.',
  event: 'The name of the event: one of those below.',
  lost_total: 'How many reports of this machine could not be sent so far.',
  'info.os': 'The system: Linux, Darwin or Windows.',
  'info.os_version': 'The first two numbers of the version of the system.',
  'info.arch': 'The architecture of the processor.',
  'info.version': 'The version of the program.',
  'info.runtime': 'What runs the program: node, bun or deno.',
  'info.runtime_version': 'The first two numbers of its version.',
  'info.id_source': 'What the ID was first made from: the machine, the moment, or given by CI.',
  'info.id_persisted': 'Whether the ID is kept on the machine.',
  'info.ci': 'Which CI service runs it, if any does.',
  'info.container': 'Whether it runs in a container.',
  'info.wsl': 'Whether it runs in the Windows Subsystem for Linux.',
  'info.agent': 'Which coding agent runs it, if any does.',
  fields: 'What the event says: its fields below, and no others.',
} as const;

/** What a project's reports may say, as the collector loads it. */
export const manifestOf = (project: string, events: ManifestEvents): Manifest => ({
  manifest_version: 1,
  project,
  report: REPORT_FACTS,
  events,
});
