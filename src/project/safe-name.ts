const PLAIN = /^[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*$/;
/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;
const MAX_LENGTH = 64;

/**
 * A project's name as the name of a folder. Plain names are unchanged. In other names, characters
 * are replaced, and a `+` and a hash are appended. Plain names contain no `+`, so two projects
 * never share a folder. This rule must never change, because the folder contains the ID.
 *
 * @example
 * safeName('acme-cli', sha256); //=> 'acme-cli'
 * safeName('@acme/cli', sha256); //=> 'acme-cli+8aa16c0174d2'
 */
export function safeName(project: string, sha256: (text: string) => string): string {
  if (isPlainWord(project)) return project;
  if (project.length <= MAX_LENGTH && PLAIN.test(project) && !WINDOWS_DEVICE.test(project)) {
    return project;
  }
  const readable = project
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return `${readable || 'project'}+${sha256(project).slice(0, 12)}`;
}

/**
 * Whether a name consists of lowercase letters and hyphens and is too long for a Windows device,
 * as most are. A shortcut: the first run of the patterns costs as much as writing the report.
 */
function isPlainWord(project: string): boolean {
  if (project.length < 5 || project.length > MAX_LENGTH || project.startsWith('-')) return false;
  for (let at = 0; at < project.length; at += 1) {
    const code = project.charCodeAt(at);
    if (code !== 0x2d && !(code >= 0x61 && code <= 0x7a)) return false;
  }
  return true;
}
