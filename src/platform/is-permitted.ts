import process from 'node:process';

/** What the types of `process` lack. */
interface Permitted {
  readonly permission?: { has(scope: string): boolean };
}

/**
 * Whether this process may start a child or a thread
 * (https://nodejs.org/docs/latest-v20.x/api/permissions.html). Without the permission model, it may.
 */
export const isPermitted = (scope: 'child' | 'worker'): boolean =>
  !Object.hasOwn(process, 'permission') || (process as Permitted).permission?.has(scope) !== false;
