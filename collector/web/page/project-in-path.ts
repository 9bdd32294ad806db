/**
 * A project's name as a part of a path. Browsers take `.` and `..` for steps in it, also with escapes,
 * so such a name has a `~` before it; and one that looks so has another one.
 */
export const projectInPath = (project: string): string =>
  encodeURIComponent(/^~*\.\.?$/.test(project) ? `~${project}` : project);

/** The project that a decoded part of a path names: see {@link projectInPath}. */
export const projectOfPath = (part: string): string =>
  /^~+\.\.?$/.test(part) ? part.slice(1) : part;
