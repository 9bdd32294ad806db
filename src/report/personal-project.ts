import type { SanitizeLabel } from './personal-patterns.js';

/** Letters and hyphens, as most names are, with or without a scope. */
const PLAIN = /^(@[a-z-]+\/)?[a-z-]+$/;

/**
 * The kind of personal data in a project's name, which is in every report. It is not replaced by a
 * marker: all such projects would count as one.
 *
 * @param find - finds personal data in a text; not called for plain names
 */
export const personalProject = (
  project: string,
  find: (text: string) => SanitizeLabel | undefined,
): SanitizeLabel | undefined => (PLAIN.test(project) ? undefined : find(project));
