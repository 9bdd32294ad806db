/** A step of a backup or a restore, as people see it. */
export interface BackupStep {
  readonly name: string;
  /** How much there is to read or write, in bytes; `null` if that says nothing. */
  readonly bytes: number | null;
}

/** Told of each step when it begins. */
export type OnStep = (step: BackupStep) => void;

/** A backup cannot be made or restored. The message says what to do next. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
