import { reasonOf, told as tell, type ToldCause } from './causes.js';
import { CONDITIONS, type Finding } from './conditions.js';

/** A receiver of alerts or digests that did not take the last message. */
export interface ReceiverTrouble {
  /** Names it, without a secret. */
  readonly name: string;
  readonly since: Date;
  /** Why the last attempt failed, without a secret. */
  readonly reason: string;
  /** Whether a message was refused for good, and is lost. */
  readonly isLost: boolean;
}

/** Receivers that are named at most. */
const MAX_NAMED = 3;

/** Examines whether alerts and digests reach those who are to get them. */
export function examineNotices(troubles: readonly ReceiverTrouble[], now: Date): Finding {
  const { threshold } = CONDITIONS.notices;
  const secondsOf = ({ since }: ReceiverTrouble): number =>
    Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  const value = Math.max(0, ...troubles.map(secondsOf));
  // A receiver that restarts gets its messages a moment later: that is no trouble.
  const told = troubles.filter((one) => one.isLost || secondsOf(one) > threshold);
  if (told.length === 0) return { value };
  const since = new Date(Math.min(...told.map((one) => one.since.getTime())));
  const named = told.slice(0, MAX_NAMED);
  const others = told.length - named.length;
  const more = others > 0 ? [tell('more_receivers', `And ${others} others.`, { others })] : [];
  return { value, since, ...reasonOf([...named.map(describe), ...more]) };
}

function describe({ name, since, reason, isLost }: ReceiverTrouble): ToldCause {
  const what = isLost ? 'has refused a message, which is lost' : 'has not taken a message';
  const at = since.toISOString();
  const values = { receiver: name, since: at, error: reason };
  const code = isLost ? 'message_refused' : 'message_waits';
  return tell(code, `${name} ${what}, since ${at}: ${reason}.`, values);
}
