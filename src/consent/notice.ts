import { NOTICE_KEY } from '../file-names.js';
import type { Choice } from './decide.js';
import { projectVariable } from './environment.js';

/** What a notice tells of. */
export interface NoticeFacts {
  readonly project: string;
  /** What the user types to manage telemetry, such as `acme telemetry`. */
  readonly command: string;
  readonly events: readonly string[];
  /** Whether nothing is sent unless the user says so. */
  readonly isOptIn: boolean;
  /** Whether reports never leave this machine. */
  readonly isLocal: boolean;
}

/** The text an app shows once, in plain words and without colour. */
export function noticeText({ project, command, events, isOptIn, isLocal }: NoticeFacts): string {
  const what = `anonymous usage data: its version, the system it runs on, and the events ${events.join(', ')}. No names, no paths, no contents.`;
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

/** What was shown to the user. */
export interface Notices {
  /** Whether the user was not told yet of the events that are declared now. */
  isDue(choice: Choice | undefined): boolean;
  /** From now on the user knows. */
  shown(): void;
}

/** Where that is kept: files that are read at once. */
export interface NoticeValues {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
}

/** See {@link Notices}. A disk that takes nothing makes the notice due again in the next run. */
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
    return undefined; // unreadable: told once more rather than never
  }
}
