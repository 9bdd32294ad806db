import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the outbox of a project is under a home. */
export const outboxFolder = (home: string, project = 'acme-cli'): string =>
  join(home, '.local/share/headcount', project, 'outbox');

/** The names of the files in a project's outbox. */
export function outboxFiles(home: string, project?: string): string[] {
  const folder = outboxFolder(home, project);
  return existsSync(folder) ? readdirSync(folder) : [];
}
