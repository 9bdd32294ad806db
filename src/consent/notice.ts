import { NOTICE_KEY } from '../file-names.js';
import type { Choice } from './decide.js';
import { projectVariable } from './environment.js';

/** The facts in a notice. */
export interface NoticeFacts {
  readonly project: string;
  /** The command that manages telemetry, such as `acme telemetry`. */
  readonly command: string;
  readonly events: readonly string[];
  /** Whether nothing is sent unless the user opts in. */
  readonly isOptIn: boolean;
  /** Whether reports never leave this machine. */
  readonly isLocal: boolean;
}

/** The text that an app shows once, in plain words and without colour. */
export function noticeText({ project, command, events, isOptIn, isLocal }: NoticeFacts): string {
  const what = `usage data under a pseudonym: its version, the system it runs on, and the events ${events.join(', ')}. It has no field for free text.`;
  const how = isLocal
    ? `${project} keeps ${what} It stays on this machine.`
    : isOptIn
      ? `${project} would like to collect ${what} Nothing is sent unless you say so.`
      : `${project} collects ${what}`;
  const off = `${projectVariable(project)}=1`;
  return [
    how,
    `  See all of it:  ${command} show`,
    isOptIn
      ? `  Turn it on:     ${command} on`
      : `  Turn it off:    ${command} off (or set ${off})`,
  ].join('\n');
}

/** Remembers which notice the user has seen. */
export interface Notices {
  /** Whether the user has not yet been told about the currently declared events. */
  isDue(choice: Choice | undefined): boolean;
  /** Records that the notice was shown. */
  shown(): void;
}

/** The storage of {@link Notices}: files that are read synchronously. */
export interface NoticeValues {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
}

/** See {@link Notices}. If the disk cannot store it, the notice is due again in the next run. */
export function createNotices(values: NoticeValues, events: string): Notices {
  let isKnown = false;
  return {
    isDue(choice) {
      isKnown ||= choice?.events === events || read(values) === events;
      return !isKnown;
    },
    shown() {
      isKnown = true;
      try {
        void values.set(NOTICE_KEY, events);
      } catch {
        return;
      }
    },
  };
}

function read(values: NoticeValues): unknown {
  try {
    return values.get(NOTICE_KEY);
  } catch {
    return undefined; // unreadable: show the notice again rather than never
  }
}
