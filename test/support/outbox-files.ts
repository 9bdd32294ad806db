import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the outbox of a project is under a home. */
export const outboxFolder = (home: string, project = 'acme-cli'): string =>
  join(home, '.local/share/headcount', project, 'outbox');

/** The folder for the reports to a collector that the test has started. */
export const queueFolder = (home: string, address: string, project?: string): string =>
  join(outboxFolder(home, project), `to-${new URL(address).host.replace(':', '_')}`);

/** The names of the files in a project's outbox, whatever endpoint they are for. */
export const outboxFiles = (home: string, project?: string): string[] =>
  filesBelow(outboxFolder(home, project));

/** The names of all files in the folders of a folder, and in the folder itself. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [entry.name],
  );
}
