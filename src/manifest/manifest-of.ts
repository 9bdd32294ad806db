import type { Manifest, ManifestEvents } from '../wire/manifest.js';

/**
 * A description of each property of every report, by its path, for users. A test checks that these
 * are exactly the properties of the wire format's schema.
 */
export const REPORT_FACTS = {
  report_id: 'A random ID of the report: a report that is sent twice is counted once.',
  anonymous_id:
    'An ID of 16 hex digits for this program on this machine. Each program has a different one. It counts each person once, and does not tell who they are. In CI, it is the name of the CI service.',
  owner:
    'A hash of a secret of this machine, for this collector alone. With the secret, and with nothing else, you can see and delete your data.',
  timestamp: 'When the event happened.',
  project: 'The name of the program.',
  event: 'The name of the event: one of the events below.',
  lost_total: 'How many reports of this machine could not be sent so far.',
  'info.os': 'The system: Linux, Darwin or Windows.',
  'info.os_version': 'The first two numbers of the system’s version; on Windows 10 or 11.',
  'info.arch': 'The processor architecture.',
  'info.version': 'The version of the program.',
  'info.runtime': 'The runtime: node, bun or deno.',
  'info.runtime_version': 'The first two numbers of the runtime’s version.',
  'info.id_source':
    'How the ID was made: from the machine, at random, or set by CI or a parent process.',
  'info.id_persisted': 'Whether the ID is stored on the machine.',
  'info.ci': 'The CI service that runs the program, if any.',
  'info.container': 'Whether the program runs in a container.',
  'info.wsl': 'Whether the program runs in the Windows Subsystem for Linux.',
  'info.agent': 'The coding agent that runs the program, if any.',
  'info.channel': 'How the program was installed, such as npm, brew or docker, if it is known.',
  'info.level': 'How much you let be reported: full, or basic.',
  fields: 'The fields of the event, as listed below, and no others.',
} as const;

/** The manifest of a project, which the collector loads. */
export const manifestOf = (project: string, events: ManifestEvents): Manifest => ({
  manifest_version: 1,
  project,
  report: REPORT_FACTS,
  events,
});
