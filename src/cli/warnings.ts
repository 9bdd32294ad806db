import type { StatusWarning, WarningReason } from '../api.js';

/** What to do about each warning. `name` is what the user types before a command. */
export const WARNING_ADVICE: Readonly<Record<WarningReason, (name: string) => string>> = {
  'notice-not-shown': (name) =>
    `Run the program to be told what it collects. If you know and agree: ${name} on`,
  'folder-refused': () =>
    'Run the program as the user that the folder belongs to, give the folder to your user, or name folders of your user by XDG_CONFIG_HOME and XDG_DATA_HOME.',
  'given-id-ignored': () => 'Unset HEADCOUNT_ANONYMOUS_ID, or set it to 16 lower-case hex digits.',
  'unreadable-environment': () => 'Run the program with --allow-env.',
  'files-missing': () => 'Install the program again.',
  'storage-failed': toAuthor,
  'options-ignored': toAuthor,
  'stricter-mode': toAuthor,
  'personal-word': toAuthor,
  'waits-for-close': toAuthor,
  'may-end-early': toAuthor,
  'no-project': toAuthor,
  'package-json-ignored': toAuthor,
};

function toAuthor(): string {
  return 'Only the author of the program can change this.';
}

/** A warning, and what to do about it. */
export const adviceFor = ({ reason }: StatusWarning, name: string): string =>
  WARNING_ADVICE[reason](name);
