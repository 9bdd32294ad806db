import { toPrintable } from '../to-printable.js';
import type { AlertEvent } from './notice.js';

/** What people read of an event. All of it is printable, but escaped for no format. */
export interface DescribedEvent {
  readonly title: string;
  readonly lines: readonly string[];
  readonly link: string;
}

/** Describes an event in plain English. */
export function describeEvent({ event, at, condition, left_out }: AlertEvent): DescribedEvent {
  const { name, state, reason, hint, link } = condition;
  const when = `${at.slice(0, 16).replace('T', ' ')} UTC`;
  const skipped =
    left_out === 0 ? [] : [`${left_out} earlier changes of it are left out of this message.`];
  if (event === 'end') {
    return {
      title: toPrintable(`Over: ${name}, ${when}`),
      lines: [toPrintable(`It was: ${reason}`), ...skipped],
      link,
    };
  }
  return {
    title: toPrintable(`${state === 'failing' ? 'Failing' : 'Warning'}: ${name}, ${when}`),
    lines: [reason, ...(hint === '' ? [] : [hint]), ...skipped].map(toPrintable),
    link,
  };
}
