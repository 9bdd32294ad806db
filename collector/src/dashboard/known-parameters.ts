/** What the URLs of pages say. */
const NAMES: ReadonlySet<string> = new Set([
  // of every page
  ...['range', 'from', 'to', 'compare', 'interval', 'zone', 'lang', 'theme', 'csv', 'all'],
  // of the morning, versions and features
  ...['day', 'group', 'find', 'from_version', 'count', 'event'],
  // of the system
  ...['span', 'level', 'source', 'text', 'window', 'cursor'],
  // of the settings
  ...['token', 'note', 'before'],
  // of signing in, and of one's own data
  ...['next', 'project'],
]);

/** Longer than a value of a fact, and than the ID of a token or a note. */
const MAX_CHARACTERS = 300;

/** A way back has a view of its own. */
const MAX_PATH_CHARACTERS = 2000;

/** Whether pages know a parameter of a URL. */
export const isKnownParameter = (name: string, value: string): boolean =>
  NAMES.has(name) && value.length <= (name === 'next' ? MAX_PATH_CHARACTERS : MAX_CHARACTERS);
