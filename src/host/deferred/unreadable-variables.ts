import type { StatusWarning } from '../../api.js';
import { projectVariable } from '../../consent/environment.js';
import { TEST_COLLECTOR } from '../../consent/test-runners.js';
import type { Env } from '../../platform/platform.js';
import { UNREADABLE_VARIABLE } from '../../consent/unreadable-variable.js';

/** Warns if the runtime hides variables that decide whether reports are sent, and where. */
export function unreadableVariables(env: Env, project: string | undefined): StatusWarning[] {
  const names = [
    ...['DO_NOT_TRACK', 'HEADCOUNT_DISABLED'],
    ...(project === undefined ? [] : [projectVariable(project)]),
    ...[TEST_COLLECTOR, 'HEADCOUNT_ENDPOINT'],
  ].filter((name) => isUnreadable(env, name));
  if (names.length === 0) return [];
  const text = `Variables cannot be read, so each counts as set (${names.join(', ')}): nothing is sent. Deno needs --allow-env.`;
  return [{ reason: 'unreadable-environment', text }];
}

/** Whether the runtime does not let a variable be read. */
export const isUnreadable = (env: Env, name: string | undefined): boolean =>
  name !== undefined && env[name] === UNREADABLE_VARIABLE;
