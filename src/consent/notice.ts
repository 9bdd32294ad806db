import { projectVariable } from './environment.js';

/** The key of the hash of the events that the user was last told of. */
export const NOTICE_KEY = 'notice';

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
