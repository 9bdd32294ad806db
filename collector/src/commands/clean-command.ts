import { parseArgs } from 'node:util';
import { askCollector, AskError } from './ask-collector.js';
import { ConfigError } from '../config.js';
import { errorMessage } from '../error-message.js';
import { findCollector } from './find-collector.js';
import { isRecord } from '../is-record.js';
import { readUrl } from './read-url.js';
import { toPrintable } from '../to-printable.js';

export interface CleanOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  /** Says how far a long cleaning is; an empty text ends it. */
  readonly tell: (text: string) => void;
  readonly wait: (ms: number) => Promise<void>;
}

/** What the collector says of a cleaning, as far as it is printed. */
interface View {
  readonly project: string;
  readonly people: number;
  readonly ci: number;
  readonly reports: number;
  readonly first_date: string | null;
  readonly last_date: string | null;
  readonly os: readonly { readonly value: string; readonly people: number }[];
  readonly version: View['os'];
}

interface CleaningView extends View {
  readonly id: string;
  readonly state: string;
  readonly progress: number;
  readonly cleaned_at: string;
  readonly undo_until: string;
}

/** How often the progress is asked for, in milliseconds. */
const ASK_EVERY_MS = 500;

/** How long a collector may take to look at all people of a project, in milliseconds. */
const ANSWER_WITHIN_MS = 120_000;

/**
 * Takes data out of a running collector's answers, lists such cleanings, or undoes one.
 *
 * @param argv - The arguments after the command, such as `['--project', 'acme', '--dry-run']`.
 * @throws {@link ConfigError} for arguments that cannot be used, else `AskError`.
 */
export async function clean(argv: readonly string[], options: CleanOptions): Promise<void> {
  const { values, positionals } = readArguments(argv);
  const [action = 'take', id, ...others] = positionals;
  const { data, url: given } = values;
  const collector = findCollector({ url: readUrl(given), data, env: options.env });
  const ask: Ask = (path, isExpected, method = 'GET', body) =>
    askCollector(
      { ...collector, path, method, body, answerWithinMs: ANSWER_WITHIN_MS },
      isExpected,
    );
  const show = (view: View, text: string): void =>
    options.print(values.json === true ? `${JSON.stringify(view)}\n` : text);

  if (action === 'list' && id === undefined) {
    const { cleanings } = await ask('/v1/cleanings', isList);
    if (values.json === true) options.print(`${JSON.stringify({ cleanings })}\n`);
    else options.print(cleanings.length === 0 ? 'Nothing was cleaned.\n' : toTable(cleanings));
    return;
  }
  if (action === 'undo' && id !== undefined && others.length === 0) {
    const begun = await ask(`/v1/cleanings/${encodeURIComponent(id)}`, isCleaning, 'DELETE');
    const done = await follow(begun, ask, options);
    show(done, `Gave back ${describe(done)}.\n`);
    return;
  }
  if (action !== 'take' || id !== undefined) {
    throw new ConfigError(
      `Unknown: clean ${positionals.join(' ')}; expected: clean --project <name> …, clean list, clean undo <id>.`,
    );
  }
  if (values.project === undefined) {
    throw new ConfigError('clean needs --project: the project to take something out of.');
  }
  const ofProject = `/v1/projects/${encodeURIComponent(values.project)}`;
  const path = `${ofProject}/cleanings`;
  const isPart = [values.day, values.from, values.to, values.new, values.where].some(
    (one) => one !== undefined,
  );
  if (values.remove === true && isPart) {
    throw new ConfigError('--remove is for whole projects: leave out days, --new and --where.');
  }
  const body = toBody(values);
  if (values['dry-run'] === true) {
    options.tell('looking …');
    const found = await ask(path, isView, 'POST', body).finally(() => options.tell(''));
    show(found, `Would take out ${describe(found)}.\n${toValues(found)}Nothing was changed.\n`);
    return;
  }
  const begun =
    values.remove === true
      ? await ask(ofProject, isCleaning, 'DELETE')
      : await ask(path, isCleaning, 'POST', body);
  const done = await follow(begun, ask, options);
  const until = toPrintable(done.undo_until.slice(0, 16).replace('T', ' '));
  show(
    done,
    `Took out ${describe(done)}.\n${toValues(done)}` +
      `Undo it until ${until} UTC with: headcount-collector clean undo ${toPrintable(done.id)}\n`,
  );
}

type Ask = <Body>(
  path: string,
  isExpected: (body: unknown) => body is Body,
  method?: 'GET' | 'POST' | 'DELETE',
  body?: object,
) => Promise<Body>;

type Values = ReturnType<typeof readArguments>['values'];

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        url: { type: 'string' },
        data: { type: 'string' },
        project: { type: 'string' },
        day: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        new: { type: 'boolean' },
        where: { type: 'string' },
        remove: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new ConfigError(errorMessage(error), { cause: error });
  }
}

function toBody(values: Values): object {
  const { day, from, to, where } = values;
  return {
    ...(day !== undefined && { day }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(values.new !== undefined && { new: values.new }),
    ...(where !== undefined && { where: toWhere(where) }),
    ...(values['dry-run'] === true && { dry_run: true }),
  };
}

function toWhere(where: string): { dimension: string; value: string } {
  const at = where.indexOf('=');
  if (at < 1) {
    throw new ConfigError(`--where must be like version=9.9.9; given: "${where}".`);
  }
  return { dimension: where.slice(0, at), value: where.slice(at + 1) };
}

/** Waits until a cleaning has no work left. */
async function follow(begun: CleaningView, ask: Ask, options: CleanOptions): Promise<CleaningView> {
  let now = begun;
  while (now.state === 'running' || now.state === 'undoing') {
    options.tell(`${Math.floor(now.progress * 100)} %`);
    await options.wait(ASK_EVERY_MS);
    now = await ask(`/v1/cleanings/${begun.id}`, isCleaning);
  }
  options.tell('');
  if (now.state === 'gone') throw new AskError(`The cleaning ${begun.id} can no longer be undone.`);
  return now;
}

function describe({ people, ci, reports, first_date: first, last_date: last }: View): string {
  const days = first === null || last === null ? '' : `, from ${first} to ${last}`;
  return `${people} people, ${ci} of build farms, ${reports} reports${toPrintable(days)}`;
}

const toValues = ({ os, version }: View): string =>
  Object.entries({ os, version })
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => {
      const all = values.map(({ value, people }) => `${toPrintable(value)} ${people}`);
      return `${name}: ${all.join(', ')}\n`;
    })
    .join('');

const toTable = (cleanings: readonly CleaningView[]): string =>
  cleanings
    .map((one) => {
      const at = one.cleaned_at.slice(0, 16).replace('T', ' ');
      const [id, state, project] = [one.id, one.state, one.project].map(toPrintable);
      return `${id}  ${toPrintable(at)}  ${state?.padEnd(7)}  ${project}: ${describe(one)}\n`;
    })
    .join('');

const areValues = (values: unknown): boolean =>
  Array.isArray(values) &&
  values.every(
    (one) => isRecord(one) && typeof one['value'] === 'string' && typeof one['people'] === 'number',
  );

const isDate = (value: unknown): boolean => value === null || typeof value === 'string';

const isView = (body: unknown): body is View =>
  isRecord(body) &&
  typeof body['project'] === 'string' &&
  ['people', 'ci', 'reports'].every((name) => typeof body[name] === 'number') &&
  isDate(body['first_date']) &&
  isDate(body['last_date']) &&
  areValues(body['os']) &&
  areValues(body['version']);

const isCleaning = (body: unknown): body is CleaningView =>
  isView(body) &&
  'progress' in body &&
  typeof body.progress === 'number' &&
  ['id', 'state', 'cleaned_at', 'undo_until'].every(
    (name) => typeof (body as unknown as Record<string, unknown>)[name] === 'string',
  );

const isList = (body: unknown): body is { readonly cleanings: readonly CleaningView[] } =>
  isRecord(body) && Array.isArray(body['cleanings']) && body['cleanings'].every(isCleaning);
