import { inspect } from 'node:util';
import { isRecord } from '../type-guards.js';

/** The longest time that a timer of Node.js takes. */
const LONGEST_MS = 2 ** 31 - 1;

/** A {@link TypeError} that tells what was wanted and what was given, instead of a test that passes. */
const refusal = (what: string, wanted: string, given: unknown): TypeError =>
  new TypeError(`${what} must be ${wanted}, and is ${shortly(given)}.`);

/** A value that its author did not mean: on one line, cut. */
function shortly(value: unknown): string {
  const text = inspect(value, { depth: 1, maxArrayLength: 5, breakLength: Infinity });
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Refuses what holds no variables. */
export function refuseEnv(env: unknown): void {
  if (!isRecord(env)) throw refusal('applyTo(env): env', 'process.env or an object like it', env);
}

/** Refuses options of `startTestCollector()` that it cannot mean. */
export function refuseOptions(options: unknown): void {
  const what = 'startTestCollector(options): options';
  if (!isRecord(options)) throw refusal(what, 'an object', options);
  const project = own(options, 'project');
  if (project === undefined || (typeof project === 'string' && project !== '')) return;
  throw refusal(`${what}.project`, 'the name of the project', project);
}

/** Refuses what is no time to wait. */
export function refuseWaiting(operator: string, waiting: unknown): void {
  if (!isRecord(waiting)) throw refusal(`${operator}(): the last argument`, 'an object', waiting);
  const withinMs = own(waiting, 'withinMs');
  if (withinMs === undefined || isNumber(withinMs, 0, LONGEST_MS)) return;
  throw refusal(`${operator}(): withinMs`, `a number from 0 to ${LONGEST_MS}`, withinMs);
}

/** Refuses what is no event and no values of fields. */
export function refuseExpected(event: unknown, fields: unknown): void {
  if (typeof event !== 'string' || event === '') {
    throw refusal('expectReported(event): event', 'the name of an event', event);
  }
  if (!isRecord(fields)) {
    throw refusal('expectReported(event, fields): fields', 'an object', fields);
  }
  for (const [name, value] of Object.entries(fields)) {
    if (['string', 'number', 'boolean'].includes(typeof value)) continue;
    const what = `expectReported(event, fields): fields.${name}`;
    throw refusal(what, 'a string, a number or a boolean', value);
  }
}

/** Refuses what declares nothing, such as the events as they are written for `createHeadcount()`. */
export function refuseDeclared(declared: unknown): void {
  const what = 'expectDeclared(declared): declared';
  const wanted = 'the manifest, or the instance of Headcount';
  if (!isRecord(declared)) throw refusal(what, wanted, declared);
  const { events } = declared;
  if (!isRecord(events)) throw refusal(`${what}.events`, `those of ${wanted}`, events);
  for (const [name, event] of Object.entries(events)) {
    const fields = isRecord(event) ? own(event, 'fields') : undefined;
    const areFields =
      isRecord(fields) &&
      Object.values(fields).every((field) => isRecord(field) && typeof field['kind'] === 'string');
    if (!isRecord(event) || (fields !== undefined && !areFields)) {
      throw refusal(`${what}.events.${name}`, `as in ${wanted}`, event);
    }
  }
}

/** Refuses what is no answer. */
export function refuseAnswer(answer: unknown, limit: unknown): void {
  const what = 'answer(answer): answer';
  if (isRecord(answer)) {
    const status = own(answer, 'status');
    const retryAfterS = own(answer, 'retryAfterS');
    if (!isNumber(status, 200, 599) || !Number.isInteger(status)) {
      throw refusal(`${what}.status`, 'a whole number from 200 to 599', status);
    }
    if (retryAfterS !== undefined && !isNumber(retryAfterS, 0, Number.MAX_SAFE_INTEGER)) {
      throw refusal(`${what}.retryAfterS`, 'a number of seconds from 0', retryAfterS);
    }
  } else if (!['accept', 'hang', 'refuse'].some((word) => word === answer)) {
    throw refusal(what, `'accept', 'hang', 'refuse' or { status }`, answer);
  }
  if (!isRecord(limit)) throw refusal('answer(answer, limit): limit', 'an object', limit);
  const times = own(limit, 'times');
  if (times === undefined || times === Infinity) return;
  if (isNumber(times, 1, Number.MAX_SAFE_INTEGER) && Number.isInteger(times)) return;
  throw refusal('answer(answer, limit): limit.times', 'a whole number from 1', times);
}

const own = (object: object, name: string): unknown =>
  Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;

const isNumber = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;
