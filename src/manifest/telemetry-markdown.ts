import { projectVariable } from '../consent/environment.js';
import type { Field, Manifest } from '../wire/manifest.js';
import { exampleReport } from './example-report.js';

/** What the author says about the telemetry of a program, for its TELEMETRY.md. */
export interface TelemetryFacts {
  /** What the numbers are used for, in one or more sentences. */
  readonly purpose?: string;
  /** How long the collector keeps data that belong to an ID, in days. */
  readonly retentionDays?: number;
  /** The URL that reports are sent to. */
  readonly endpoint?: string;
  /** The option `mode` that the program has set. */
  readonly mode?: 'on' | 'opt-in' | 'local';
}

/** The parts of the page. */
export interface TelemetryPage {
  readonly manifest: Manifest;
  /** The command that the user types before `off`, such as `acme telemetry`. */
  readonly command: string;
  readonly facts: TelemetryFacts;
}

/** TELEMETRY.md: what is collected, why, for how long, an example, and how to turn it off. */
export function telemetryMarkdown({ manifest, command, facts }: TelemetryPage): string {
  const { project } = manifest;
  return `${[
    `# Telemetry of ${project}`,
    '<!-- Written from the code by `headcount manifest`, which overwrites changes. -->',
    `${opening(project, facts)} ${facts.purpose ?? defaultPurpose(project)}`,
    facts.mode === 'opt-in' ? '## Turning it on and off' : '## Turning it off',
    list([
      ...(facts.mode === 'opt-in' ? [`\`${command} on\` to turn it on`] : []),
      `\`${command} off\``,
      `\`${command} on --basic\` for less: only the events \`startup\` and \`alive\`, without fields`,
      `or the variable \`${projectVariable(project)}=1\` for this program`,
      'or `DO_NOT_TRACK=1` for this program and all others that respect it',
    ]),
    'When it is off, nothing is recorded, no file is written and no connection is made.',
    '## What is collected',
    'With every report:',
    list(
      Object.entries(manifest.report).map(([path, description]) => `\`${path}\`: ${description}`),
    ),
    ...Object.entries(manifest.events).flatMap(([name, { description, fields }]) => [
      `### Event \`${name}\``,
      description,
      list(Object.entries(fields).map(([field, declared]) => describe(field, declared))),
    ]),
    '## What is never collected',
    'What the program or its user types or reads: there is no field for free text, so no names of users or hosts, paths, arguments, file contents or error messages. Only the words listed above can be sent. The collector sees the IP address of each request, as every server does.',
    '## An example',
    fenced('json', JSON.stringify(exampleReport(project, manifest.events), null, 2)),
    '## How long it is kept',
    retention(facts),
    '## Seeing it, and having it deleted',
    list([
      `\`${command} show\`: what would be sent next and what was sent last, byte for byte`,
      `\`${command} export\`: the data that the collector has about you`,
      `\`${command} forget\`: delete all of it`,
    ]),
  ]
    .filter((block) => block !== '')
    .join('\n\n')}\n`;
}

function opening(project: string, { mode = 'on', endpoint }: TelemetryFacts): string {
  const to = endpoint === undefined ? '' : `, and sends it to <${endpoint}>`;
  switch (mode) {
    case 'on':
      return `${project} collects usage data under a pseudonym${to}.`;
    case 'opt-in':
      return `${project} collects usage data under a pseudonym${to}, but only if you turn it on.`;
    case 'local':
      return `${project} keeps usage data on your machine, where you can read it. It is never sent.`;
  }
}

const defaultPurpose = (project: string): string =>
  `The data show how many people use ${project}, in which versions and on which systems, so that the authors can work where it helps most.`;

const retention = ({ retentionDays, mode }: TelemetryFacts): string =>
  [
    ...(mode === 'local'
      ? []
      : [
          retentionDays === undefined
            ? 'The collector keeps it as long as its operator has set.'
            : `The collector keeps it for ${retentionDays} days. After that, only totals remain, from which no person can be identified.`,
        ]),
    'Reports on your machine that could not be sent are deleted after 30 days.',
  ].join(' ');

function describe(name: string, field: Field): string {
  const text = field.description === undefined ? '' : ` ${field.description}`;
  return `\`${name}\`: ${kindInWords(field)}.${text}`;
}

function kindInWords(field: Field): string {
  switch (field.kind) {
    case 'enum':
      return `one of ${words(field.values)}`;
    case 'boolean':
      return 'yes or no';
    case 'bucket':
      return `a number, of which only its range is sent: ${words(field.values)}`;
    case 'semver':
      return 'a version';
    case 'count':
      return `a whole number; one above ${field.max} is sent as ${field.max}`;
  }
}

const words = (values: readonly string[]): string => values.map(code).join(', ');

/** A text as code. Its fence is longer than any run of backticks in the text. */
function code(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  const space = /^`|`$/.test(text) ? ' ' : '';
  return `${fence}${space}${text}${space}${fence}`;
}

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
