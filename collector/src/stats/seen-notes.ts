import type { Level } from '../access/level.js';
import type { Projects } from '../access/projects.js';
import type { ProjectNote } from './define-question.js';

/** Notes that a question gets at most. Those of one project are fewer. */
const MAX_SEEN = 1000;

/**
 * The notes about a project, or about all, that a caller may see: the public those that are public. Of
 * too many, the latest.
 */
export function seenNotes(
  projects: Pick<Projects, 'list' | 'notesOf'>,
  project: string | null,
  level: Level,
): ProjectNote[] {
  const names = project === null ? projects.list().map((one) => one.project) : [project];
  const notes = names.flatMap((name) =>
    projects.notesOf(name).map((note) => ({ project: name, note })),
  );
  return notes
    .filter(({ note }) => level !== 'public' || note.public)
    .sort((a, b) => (a.note.to > b.note.to ? -1 : Number(a.note.to < b.note.to)))
    .slice(0, MAX_SEEN);
}
