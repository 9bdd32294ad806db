/**
 * The paths of a value's members that a validator does not look at. Validators of Kubernetes let
 * unknown members pass, but read each that they know.
 */
export function findUnknownKeys(value: unknown, validate: (value: unknown) => unknown): string[] {
  const unread = new Set<string>();
  validate(watch(value, '', unread));
  return [...unread];
}

function watch(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.entries(value).map(([key, member]): [string, unknown] => {
    if (!Array.isArray(value)) unread.add(`${path}/${key}`);
    return [key, watch(member, `${path}/${key}`, unread)];
  });
  const members = Array.isArray(value)
    ? copy.map(([, member]) => member)
    : Object.fromEntries(copy);
  return new Proxy(members, {
    get: (target, key, receiver) => {
      unread.delete(`${path}/${String(key)}`);
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}
