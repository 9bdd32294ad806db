/** As Compose puts in variables: `${NAME:-default}`, and `${NAME-default}`, which may be empty. */
export const fillVariables = (text: string, given: Readonly<Record<string, string>> = {}): string =>
  text.replace(
    /\$\{(\w+):?-([^}]*)\}/g,
    (_whole, name: string, value: string) => given[name] ?? value,
  );
