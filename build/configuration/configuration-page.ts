import { OPTIONS, RETENTION_OPTIONS } from '../../collector/src/config-options.js';
import { type AnyOption, writeFallback } from '../../collector/src/load-config.js';
import {
  OWN_RELAY_OPTIONS,
  RELAY_DATA,
  SHARED_OPTIONS,
} from '../../collector/src/relay-options.js';
import {
  type KeptByOption,
  RETENTION_CLASSES,
  writeKept,
} from '../../collector/src/rules/retention-classes.js';
import { OPTION_GROUPS, type OptionKind, type OptionNote } from './option-note.js';
import { OPTION_NOTES } from './option-notes.js';

/** An option with all that the documents say about it. */
export interface DocumentedOption {
  readonly option: AnyOption;
  readonly note: OptionNote;
}

const namesOf = <Table extends object>(table: Table): (keyof Table)[] =>
  // Object.keys() forgets the names that the type has.
  Object.keys(table) as (keyof Table)[];

const RETENTION_EXAMPLES: Readonly<Record<KeptByOption, string>> = {
  ...{ users: '3y', activity: '180d', rollups: '5y', quality: '2y', keys: '60d' },
  ...{ tombstones: '60d', snapshots: '7d', access: '14d', error: '30d', performance: '1y' },
};

/** All options, in the order of the page. */
export const DOCUMENTED_OPTIONS: readonly DocumentedOption[] = [
  ...namesOf(OPTIONS).map((name) => ({ option: OPTIONS[name], note: OPTION_NOTES[name] })),
  ...namesOf(RETENTION_OPTIONS).map((name): DocumentedOption => {
    const { what, keeping } = RETENTION_CLASSES[name];
    const kind = { type: 'time', units: ['d', 'y'], from: `${keeping.least}d` } as const;
    return {
      option: RETENTION_OPTIONS[name],
      note: {
        group: 'retention',
        kind: { ...kind, to: writeKept(keeping.most) },
        what: `${what}.`,
        example: RETENTION_EXAMPLES[name],
        page: 'privacy.md#retention',
      },
    };
  }),
];

const code = (text: string): string => `\`${text}\``;

/** How people set an option to a value. */
export function writeExample({ option, note }: DocumentedOption): string {
  const { flag, toggle, variable, isSecret } = option;
  if (flag === undefined || isSecret) return `${variable}=${note.example}`;
  if (toggle) return `--${flag}`;
  return `--${flag} ${/[\s"]/.test(note.example) ? `"${note.example}"` : note.example}`;
}

function describeKind(kind: OptionKind): [type: string, unit: string, limits: string] {
  switch (kind.type) {
    case 'number':
      return [
        'whole number',
        kind.unit,
        kind.to === undefined ? `from ${kind.from}` : `${kind.from} to ${kind.to}`,
      ];
    case 'time':
      return ['time', kind.units.map(code).join(', '), `${kind.from} to ${kind.to}`];
    case 'choice':
      return [
        kind.isList ? 'words, separated by commas' : 'word',
        '',
        kind.values.map(code).join(', '),
      ];
    case 'text':
      return [kind.of, '', kind.limits];
  }
}

/** The default of an option, as people would set it, in Markdown. */
function writeDefault({ option, note }: DocumentedOption): string {
  const fallback = writeFallback(option);
  return note.fallback ?? (fallback === undefined ? 'none' : code(fallback));
}

const titleOf = ({ option }: DocumentedOption): string =>
  option.flag === undefined ? option.variable : `--${option.flag}`;

function describeOption(documented: DocumentedOption): string {
  const { option, note } = documented;
  const [type, unit, limits] = describeKind(note.kind);
  const { variable, isSecret } = option;
  const variables = isSecret ? `${code(variable)}, ${code(`${variable}_FILE`)}` : code(variable);
  const page = note.page.split('#')[0]?.replace('.md', '').replaceAll('-', ' ');
  return `### ${titleOf(documented)}

${note.what} See [${page}](${note.page}).

| Variable | Type | Unit | Limits | Default | Example |
| --- | --- | --- | --- | --- | --- |
| ${variables} | ${type} | ${unit || '–'} | ${limits} | ${writeDefault(documented)} | ${code(writeExample(documented))} |`;
}

/** All options, group by group, in Markdown. */
export function renderOptions(): string {
  return Object.entries(OPTION_GROUPS)
    .map(([group, title]) => {
      const own = DOCUMENTED_OPTIONS.filter(({ note }) => note.group === group);
      return [`## ${title}`, ...own.map(describeOption)].join('\n\n');
    })
    .join('\n\n');
}

/** The options that only a relay has, and the names of those that it shares with `serve`. */
export function renderRelayOptions(): string {
  const rows = [...Object.values(OWN_RELAY_OPTIONS), RELAY_DATA].map((option: AnyOption) => {
    const { flag = '', variable, expected, toggle } = option;
    const fallback = writeFallback(option);
    const what = toggle === undefined ? expected : toggle.help;
    return `| ${code(`--${flag}`)} | ${code(variable)} | ${what} | ${fallback === undefined ? 'none: it is required' : code(fallback)} |`;
  });
  const shared = DOCUMENTED_OPTIONS.filter(({ option }) =>
    SHARED_OPTIONS.some((name) => OPTIONS[name].variable === option.variable),
  ).map((documented) => {
    const title = titleOf(documented);
    return `[${code(title)}](configuration.md#${title.toLowerCase()})`;
  });
  return [
    '| Option | Variable | What it is | If it is not set |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    `These options of \`serve\` mean the same: ${shared.join(', ')}.`,
  ].join('\n');
}

const PAGE = 'https://github.com/headcount-dev/headcount/blob/main/docs/collector/configuration.md';

/** The options that most operators set, as one table in Markdown. */
export function renderCommonOptions(): string {
  const rows = DOCUMENTED_OPTIONS.filter(({ note }) => note.isCommon).map((documented) => {
    const { option, note } = documented;
    const title = titleOf(documented);
    const name = `[${code(title)}](${PAGE}#${title.toLowerCase()})`;
    const [flag, variable] = option.flag === undefined ? ['', name] : [name, code(option.variable)];
    return `| ${flag} | ${variable} | ${writeDefault(documented)} | ${note.what} |`;
  });
  return [
    '| Option | Variable | Default | What it does |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
