import { parseArgs } from 'node:util';
import { ConfigError } from '../config.js';
import { errorMessage } from '../error-message.js';
import { isRecord } from '../is-record.js';
import { toPrintable } from '../to-printable.js';
import { askCollector } from './ask-collector.js';
import { findCollector } from './find-collector.js';
import { readUrl } from './read-url.js';

export interface AnnotationOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
}

/** A note, as far as it is printed. */
interface NoteView {
  readonly id: string;
  readonly date: string;
  readonly to: string;
  readonly kind: string;
  readonly text: string;
  readonly public: boolean;
}

const USAGE =
  'annotation add --project <name> --date <date> <text>, annotation list --project <name> or ' +
  'annotation remove --project <name> <id>';

/**
 * Notes something about days of a project of a running collector, lists such notes, or removes one.
 *
 * @param argv - The arguments after `annotation`.
 * @throws {@link ConfigError} for arguments that cannot be used, else `AskError`.
 */
export async function annotate(
  argv: readonly string[],
  { env, print }: AnnotationOptions,
): Promise<void> {
  const { values, positionals } = readArguments(argv);
  const [action = '', given, ...others] = positionals;
  const { project, data, json = false } = values;
  const isKnown =
    action === 'list'
      ? given === undefined
      : ['add', 'remove'].includes(action) && given !== undefined;
  if (!isKnown || others.length > 0) {
    const hint = action === 'add' ? ' Put the text in quotation marks.' : '';
    throw new ConfigError(`Expected: ${USAGE}.${hint}`);
  }
  if (project === undefined) {
    throw new ConfigError(`annotation ${action} needs --project: the project it is about.`);
  }
  const collector = findCollector({ url: readUrl(values.url), data, env });
  const path = `/v1/projects/${encodeURIComponent(project)}/annotations`;
  const show = (view: object, text: string): void =>
    print(json ? `${JSON.stringify(view)}\n` : text);

  if (action === 'list') {
    const list = await askCollector({ ...collector, path }, isList);
    const { annotations } = list;
    show(list, annotations.length === 0 ? 'Nothing is noted.\n' : annotations.map(toLine).join(''));
  } else if (action === 'add') {
    const body = { ...toBody(values), text: given };
    const made = await askCollector({ ...collector, path, method: 'POST', body }, isNote);
    show(made, `Noted ${toPrintable(made.id)}, about ${describeDays(made)}.\n`);
  } else {
    const one = { ...collector, path: `${path}/${encodeURIComponent(given ?? '')}` };
    await askCollector({ ...one, method: 'DELETE' }, isNothing);
    show({ removed: given }, `Annotation ${toPrintable(given ?? '')} is removed.\n`);
  }
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        url: { type: 'string' },
        data: { type: 'string' },
        project: { type: 'string' },
        date: { type: 'string' },
        to: { type: 'string' },
        kind: { type: 'string' },
        public: { type: 'boolean' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new ConfigError(errorMessage(error), { cause: error });
  }
}

type Values = ReturnType<typeof readArguments>['values'];

function toBody({ date, to, kind, public: isPublic }: Values): object {
  if (date === undefined) {
    throw new ConfigError('annotation add needs --date: the day that it is about.');
  }
  return {
    date,
    ...(to !== undefined && { to }),
    ...(kind !== undefined && { kind }),
    ...(isPublic !== undefined && { public: isPublic }),
  };
}

const describeDays = ({ date, to }: NoteView): string =>
  toPrintable(date === to ? date : `${date} to ${to}`);

const toLine = (note: NoteView): string =>
  [
    toPrintable(note.id),
    describeDays(note).padEnd(24),
    toPrintable(note.kind).padEnd(8),
    note.public ? 'public' : 'hidden',
    toPrintable(note.text),
  ].join('  ') + '\n';

const isNote = (body: unknown): body is NoteView =>
  isRecord(body) &&
  ['id', 'date', 'to', 'kind', 'text'].every((name) => typeof body[name] === 'string') &&
  typeof body['public'] === 'boolean';

const isList = (body: unknown): body is { readonly annotations: readonly NoteView[] } =>
  isRecord(body) && Array.isArray(body['annotations']) && body['annotations'].every(isNote);

const isNothing = (body: unknown): body is undefined => body === undefined;
