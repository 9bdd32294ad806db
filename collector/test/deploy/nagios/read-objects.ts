/** An object of a configuration of Nagios: its kind, and its directives. */
export interface NagiosObject {
  readonly kind: string;
  readonly directives: Readonly<Record<string, string>>;
}

/** Reads the objects of a configuration. @throws At a line that is none of it. */
export function readObjects(text: string): readonly NagiosObject[] {
  const objects: NagiosObject[] = [];
  let open: { kind: string; directives: Record<string, string> } | undefined;
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const [, kind] = /^define (\w+) \{$/.exec(line) ?? [];
    const [, name, value] = /^(\w+)\s+(\S.*)$/.exec(line) ?? [];
    if (kind !== undefined && open === undefined) open = { kind, directives: {} };
    else if (line === '}' && open !== undefined) {
      objects.push(open);
      open = undefined;
    } else if (open !== undefined && name !== undefined && value !== undefined) {
      open.directives[name] = value;
    } else throw new Error(`No line of Nagios: ${line}`);
  }
  if (open !== undefined) throw new Error('The last object is not closed.');
  return objects;
}

/** The command line of a check, as Nagios fills it in. */
export function commandLine(
  objects: readonly NagiosObject[],
  check: string,
  macros: Readonly<Record<string, string>>,
): string {
  const [name, ...args] = check.split('!');
  const command = objects.find(
    ({ kind, directives }) => kind === 'command' && directives['command_name'] === name,
  );
  const filled = { ...macros, ...Object.fromEntries(args.map((arg, n) => [`ARG${n + 1}`, arg])) };
  return (command?.directives['command_line'] ?? `no command ${name}`).replace(
    /\$(\w+)\$/g,
    (_, macro: string) => {
      const value: string | undefined = filled[macro];
      if (value === undefined) throw new Error(`${check} has no $${macro}$.`);
      return value;
    },
  );
}
