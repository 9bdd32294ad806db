interface Found {
  /** JSON pointer, cut to {@link MAX_POINTER_CHARACTERS}. */
  readonly path: string;
  readonly key: string;
}

type Test = (key: string, value: unknown) => boolean;

const MAX_POINTER_CHARACTERS = 256;

/** Finds a key that reaches for an object's prototype, however deep in parsed JSON. */
export function findPrototypeKey(root: unknown): Found | undefined {
  return find(
    root,
    (key, value) => key === '__proto__' || (key === 'constructor' && hasPrototype(value)),
  );
}

/** Finds a NUL character, at which databases cut a text, in a value or a key. */
export function findNul(root: unknown): Found | undefined {
  return find(
    root,
    (key, value) => key.includes('\0') || (typeof value === 'string' && value.includes('\0')),
  );
}

// Not recursive: the depth is the client's choice.
function find(root: unknown, test: Test): Found | undefined {
  const open: { value: unknown; path: string }[] = [{ value: root, path: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) {
      const child = (value as Record<string, unknown>)[key];
      if (test(key, child)) return { path: extend(path, key), key };
      if (typeof child === 'object') open.push({ value: child, path: extend(path, key) });
    }
  }
  return undefined;
}

function hasPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}

function extend(path: string, key: string): string {
  if (path.length >= MAX_POINTER_CHARACTERS) return path;
  const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
  return `${path}/${escaped}`.slice(0, MAX_POINTER_CHARACTERS).toWellFormed();
}
