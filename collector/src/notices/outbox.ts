import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { hasCode } from '../has-code.js';
import { describeError } from '../logs/logger.js';
import { anyFolder, type CheckFolder } from '../opened-folder.js';
import { writeDurably } from '../write-durably.js';
import {
  alertEventSchema,
  alertsNoticeSchema,
  digestNoticeSchema,
  toldConditionSchema,
} from './notice.js';

const boxSchema = Type.Object({
  /** The conditions that it knows as begun, or will once `sending` and `waiting` are delivered. */
  told: Type.Record(Type.String(), toldConditionSchema),
  /** Events that are in no message yet, oldest first. */
  waiting: Type.Array(alertEventSchema),
  digest: Type.Union([digestNoticeSchema, Type.Null()]),
  /** The message that is delivered now. It stays as it is until that is done. */
  sending: Type.Union([alertsNoticeSchema, digestNoticeSchema, Type.Null()]),
  /** Whether a command has been started with it, so that it may have been delivered. */
  begun: Type.Boolean(),
  /** How often it could not be delivered. */
  failures: Type.Integer({ minimum: 0 }),
  /** When the next attempt is due, in milliseconds since 1970. */
  next_at: Type.Number(),
  /** Since when, in milliseconds since 1970, and why no message was taken; earlier files lack it. */
  trouble: Type.Optional(
    Type.Union([
      Type.Object({ since: Type.Number(), reason: Type.String(), is_lost: Type.Boolean() }),
      Type.Null(),
    ]),
  ),
});

const fileSchema = Type.Object({
  version: Type.Literal(1),
  /** The day for which the last digest was made. */
  digest_date: Type.Union([Type.String(), Type.Null()]),
  receivers: Type.Record(Type.String(), boxSchema),
});
const compiled = Compile(fileSchema);

/** What is to be delivered to one receiver. */
export type Box = Static<typeof boxSchema>;

/** What is to be delivered, kept across restarts. */
export interface Outbox {
  readonly boxes: ReadonlyMap<string, Box>;
  /** The day for which the last digest was made; `null` if there was none. */
  digestDate: string | null;
  /** Writes everything down. @returns Whether that is done; if not, it is kept until the process ends. */
  save(): Promise<boolean>;
}

/**
 * Reads the outbox. A file that is missing or damaged has told nothing to anybody.
 *
 * @param keys - Those of the receivers. What is there for others is dropped.
 */
export function openOutbox(
  path: string,
  keys: readonly string[],
  logger: Pick<Logger, 'info' | 'warn'>,
  checkFolder: CheckFolder = anyFolder,
): Outbox {
  const file = readOutbox(path, logger);
  const boxes = new Map(keys.map((key) => [key, file.receivers[key] ?? emptyBox()]));
  let isFailing = false;
  const write = async (): Promise<boolean> => {
    const text = JSON.stringify({
      version: 1,
      digest_date: outbox.digestDate,
      receivers: Object.fromEntries(boxes),
    });
    try {
      await checkFolder();
      await writeDurably(path, `${text}\n`);
      if (isFailing) logger.info('the outbox is written again');
      isFailing = false;
      return true;
    } catch (error) {
      if (!isFailing) logger.warn({ error: describeError(error) }, 'the outbox cannot be written');
      isFailing = true;
      return false;
    }
  };
  let last = Promise.resolve(true);
  let next: Promise<boolean> | undefined;
  const outbox: Outbox = {
    boxes,
    digestDate: file.digest_date,
    // Who asks while a write runs shares the one that follows.
    save: () =>
      (next ??= last =
        last.then(() => {
          next = undefined;
          return write();
        })),
  };
  return outbox;
}

const emptyBox = (): Box => ({
  told: {},
  waiting: [],
  digest: null,
  sending: null,
  begun: false,
  failures: 0,
  next_at: 0,
  trouble: null,
});

function readOutbox(path: string, logger: Pick<Logger, 'warn'>): Static<typeof fileSchema> {
  const empty = { version: 1 as const, digest_date: null, receivers: {} };
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (compiled.Check(file)) return file;
    logger.warn('the outbox is damaged: messages in it are lost');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return empty;
    // Messages are no reason not to take reports.
    logger.warn({ error: describeError(error) }, 'the outbox is damaged: messages in it are lost');
  }
  return empty;
}
