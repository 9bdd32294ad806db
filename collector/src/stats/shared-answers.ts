import { isRecord } from '../is-record.js';
import type { Written } from './answer.js';
import type { PosedQuestion } from './answer-question.js';
import type { PatientCache } from '../shared-answers/patient-cache.js';
import { type Seal, SEAL_BYTES } from '../shared-answers/seal.js';

/** Answers that collectors on one store have from each other. */
export interface SharedAnswers {
  /**
   * The answer to a question from a state of the counts, if a collector has computed it of late.
   *
   * @param state - See `StoreReader.state()`.
   */
  find(posed: PosedQuestion, state: string): Promise<Written | undefined>;
  /** Gives an answer to the others. It does not wait for them. */
  keep(posed: PosedQuestion, state: string, answer: Written): void;
}

export interface SharedAnswersParts {
  readonly cache: Pick<PatientCache, 'get' | 'set'>;
  readonly seal: Seal;
  /** What else answers depend on: the release, and options of the collector. */
  readonly circumstances: readonly (string | number)[];
  /** Called with a value that is not authentic, or was put under another name. */
  readonly onForged: () => void;
}

/** How old the `as_of` of an answer may be, in milliseconds, if nothing has been counted since. */
export const MAX_AGE_MS = 10_000;

/** The largest value, in bytes. */
export const MAX_VALUE_BYTES = 1024 ** 2;

/** Creates the access to them. */
export function createSharedAnswers(parts: SharedAnswersParts): SharedAnswers {
  const { cache, seal, circumstances, onForged } = parts;
  const nameOf = (posed: PosedQuestion, state: string): string =>
    seal.nameOf(keyOf(posed, [...circumstances, state]));
  return {
    find: async (posed, state) => {
      if (!isShared(posed)) return undefined;
      const name = nameOf(posed, state);
      const sealed = await cache.get(name);
      if (sealed === undefined) return undefined;
      const text = seal.open(name, sealed);
      if (text === undefined) {
        onForged();
        return undefined;
      }
      const { asOf, ...answer } = read(text);
      const ageMs = posed.asked.asOf.getTime() - asOf;
      // This collector may know of reports that the other did not: of no later moment than its own.
      return ageMs >= 0 && ageMs <= MAX_AGE_MS ? answer : undefined;
    },
    keep: (posed, state, answer) => {
      if (!isShared(posed)) return;
      if (answer.body.byteLength + SEAL_BYTES > MAX_VALUE_BYTES) return;
      const name = nameOf(posed, state);
      cache.set(name, seal.seal(name, write(posed.asked.asOf, answer)));
    },
  };
}

/**
 * Whether an answer is the same on every collector. What the public sees of a dimension is made by each
 * of them once a day, and some answers change with the moment.
 */
const isShared = ({ asked }: PosedQuestion): boolean =>
  asked.cells === undefined && asked.moment === undefined;

/** Everything that an answer depends on, but for its `as_of`: that is in the value. */
function keyOf(
  { path, asked, query, format }: PosedQuestion,
  circumstances: readonly (string | number)[],
): string {
  const others = { ...asked, asOf: null };
  return JSON.stringify([circumstances, path, format, sorted(others), sorted(query as object)]);
}

const sorted = (members: object): [string, unknown][] =>
  Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));

/** The length of the head in four bytes, the head as JSON, and the body as it is. */
function write(asOf: Date, { body, headers, digest }: Written): Buffer {
  const head = Buffer.from(JSON.stringify({ asOf: asOf.getTime(), headers, digest }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, body]);
}

function read(text: Buffer): Written & { readonly asOf: number } {
  const end = 4 + text.readUInt32BE();
  const head: unknown = JSON.parse(text.subarray(4, end).toString());
  if (!isRecord(head)) throw new TypeError('A shared answer has no head.');
  // It is authentic, so a collector of the same release has written it.
  const { asOf, headers, digest } = head as unknown as Omit<Written, 'body'> & { asOf: number };
  return { asOf, headers, digest, body: text.subarray(end) };
}
