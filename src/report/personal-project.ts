import type { SanitizeLabel } from './personal-patterns.js';

/** Letters and hyphens, as most names are, with or without a scope. */
const PLAIN = /^(@[a-z-]+\/)?[a-z-]+$/;

/** A path that starts anywhere, in no home folder: it tells of the author's tree, not of a user. */
const NO_HOME = /^(?!.*(home|users|documents|desktop|~))(\.{1,2}[/\\])+[\w.-]+$/i;

/**
 * The kind of personal data in a project's name, which is in every report. It is not replaced by a
 * marker: all such projects would count as one.
 *
 * @param find - finds personal data in a text; not called for plain names
 */
export function personalProject(
  project: string,
  find: (text: string) => SanitizeLabel | undefined,
): SanitizeLabel | undefined {
  if (PLAIN.test(project)) return undefined;
  const found = find(project);
  return found === 'path' && NO_HOME.test(project) ? undefined : found;
}
