/** A program by its absolute path: no search in PATH or in the working folder. */
export interface SystemProgram {
  readonly file: string;
  readonly args: readonly string[];
}

/** Where each system keeps the program that tells the machine's ID. */
const PATHS: Readonly<Record<string, string>> = {
  ioreg: '/usr/sbin/ioreg', // macOS
  kenv: '/bin/kenv', // FreeBSD
  sysctl: '/sbin/sysctl',
};
const REG = 'reg.exe';

/**
 * The programs of a shell command of node-machine-id, as they would be tried one after another.
 * Its command for Linux has none of them: there the ID is read from files.
 *
 * @example
 * systemPrograms('kenv -q smbios.system.uuid || sysctl -n kern.hostuuid', 'C:\\Windows');
 * //=> [{ file: '/bin/kenv', args: ['-q', 'smbios.system.uuid'] },
 * //    { file: '/sbin/sysctl', args: ['-n', 'kern.hostuuid'] }]
 */
export function systemPrograms(command: string, windowsFolder: string): SystemProgram[] {
  // A 32-bit Node on 64-bit Windows sees the 64-bit programs in a folder of another name.
  const folder = command.includes('sysnative') ? 'Sysnative' : 'System32';
  const fileOf = (word: string): string | undefined => {
    const name = word.slice(word.lastIndexOf('\\') + 1);
    if (name.toLowerCase() === REG) return `${windowsFolder}\\${folder}\\${REG}`;
    return Object.hasOwn(PATHS, name) ? PATHS[name] : undefined;
  };
  return command.split('||').flatMap((part) => {
    const words = part.trim().split(/\s+/);
    const at = words.findIndex((word) => fileOf(word) !== undefined);
    const file = fileOf(words[at] ?? '');
    return file === undefined ? [] : [{ file, args: words.slice(at + 1) }];
  });
}
