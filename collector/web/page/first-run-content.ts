/** A project without reports, or a collector without projects: how the first one comes. */
export interface FirstRunContent {
  readonly page: 'first-run';
  /** `null` if there is no project yet. */
  readonly project: string | null;
  readonly isHealthy: boolean;
}
