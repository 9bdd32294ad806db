import type { Logger } from 'pino';
import { describeError } from './logger.js';

export interface FailureLogParts {
  readonly logger: Pick<Logger, 'error' | 'info'>;
  /** @default the system's clock */
  readonly now?: () => Date;
  /**
   * The least time between two lines about failures of one kind, in milliseconds.
   *
   * @default 60 000
   */
  readonly everyMs?: number;
}

/**
 * Logs failures that can come with each request or attempt: the first of a kind at once, then their
 * number once a minute, and their end.
 */
export interface FailureLog {
  /**
   * @param message - What failed; with the error's code, it is the kind.
   * @param told - Further members of the line.
   */
  failed(error: unknown, message: string, told?: object): void;
  /** Says that what failed works again. Without it, a minute without a failure says so. */
  ended(message: string, text: string): void;
  /** Logs what is not told yet. */
  close(): void;
}

interface Kind {
  readonly message: string;
  readonly timer: NodeJS.Timeout;
  error: Record<string, unknown>;
  /** Failures since the last line about them. */
  times: number;
  since: Date;
  total: number;
  /** The text of its end, once it has ended. */
  end: string | undefined;
  isEndTold: boolean;
}

/** Kinds that are told apart; further ones are one. */
const MOST_KINDS = 50;

const EVERY_MS = 60_000;

/** Creates the log of the failures of a part. */
export function createFailureLog(parts: FailureLogParts): FailureLog {
  const { logger, now = () => new Date(), everyMs = EVERY_MS } = parts;
  const kinds = new Map<string, Kind>();

  const tellTimes = (kind: Kind): void => {
    const { error, times, since, message } = kind;
    if (times > 0) logger.error({ error, times, since: since.toISOString() }, message);
    kind.times = 0;
    kind.since = now();
  };
  const tellEnd = (kind: Kind, text: string): void => {
    if (!kind.isEndTold) logger.info({ times: kind.total }, text);
    kind.isEndTold = true;
  };
  const look = (key: string, kind: Kind): void => {
    const isQuiet = kind.times === 0;
    if (!isQuiet) {
      tellTimes(kind);
      kind.isEndTold = false;
    }
    if (kind.end !== undefined) tellEnd(kind, kind.end);
    else if (isQuiet) tellEnd(kind, `${kind.message}: not again for a minute`);
    if (!isQuiet) return;
    clearInterval(kind.timer);
    kinds.delete(key);
  };
  return {
    failed: (thrown, message, told = {}) => {
      const error = describeError(thrown);
      const own = keyOf(message, error);
      const key = kinds.has(own) || kinds.size < MOST_KINDS ? own : message;
      const known = kinds.get(key);
      if (known !== undefined) {
        known.times += 1;
        known.total += 1;
        Object.assign(known, { error, end: undefined });
        return;
      }
      const timer = setInterval(() => look(key, kind), everyMs).unref();
      const kind: Kind = {
        ...{ message, timer, error, times: 0, since: now(), total: 1 },
        ...{ end: undefined, isEndTold: false },
      };
      kinds.set(key, kind);
      logger.error({ ...told, error }, message);
    },
    ended: (message, text) => {
      for (const kind of kinds.values()) {
        if (kind.message !== message) continue;
        kind.end = text;
        tellEnd(kind, text);
      }
    },
    close: () => {
      for (const kind of kinds.values()) {
        clearInterval(kind.timer);
        tellTimes(kind);
      }
      kinds.clear();
    },
  };
}

/** Errors without a code are told apart by their place. */
function keyOf(message: string, error: Record<string, unknown>): string {
  const { name, code, at, message: said } = error;
  const place = Array.isArray(at) ? String(at[0]) : '';
  return [message, name, code ?? place, said].join('\n');
}
