import { isRecord } from '../is-record.js';

interface Found {
  /** JSON pointer, cut to {@link MAX_POINTER_CHARACTERS}. */
  readonly path: string;
  readonly key: string;
}

type Test = (key: string, value: unknown) => boolean;

const MAX_POINTER_CHARACTERS = 256;

/** Finds a key that could change an object's prototype, at any depth. */
export function findPrototypeKey(root: unknown): Found | undefined {
  return find(
    root,
    (key, value) => key === '__proto__' || (key === 'constructor' && hasPrototype(value)),
  );
}

/** Finds a NUL character in a value or a key, since some databases cut texts there. */
export function findNul(root: unknown): Found | undefined {
  return find(
    root,
    (key, value) => key.includes('\0') || (typeof value === 'string' && value.includes('\0')),
  );
}

/** A value with its parent, so that a path is built only for what is found. */
interface Place {
  readonly value: unknown;
  readonly key: string;
  readonly parent: Place | undefined;
}

// Not recursive, since the client chooses the depth.
function find(root: unknown, test: Test): Found | undefined {
  const open: Place[] = [{ value: root, key: '', parent: undefined }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value } = place;
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) {
      const child = (value as Record<string, unknown>)[key];
      if (test(key, child)) return { path: pointerTo({ value: child, key, parent: place }), key };
      if (typeof child === 'object') open.push({ value: child, key, parent: place });
    }
  }
  return undefined;
}

function pointerTo(place: Place): string {
  const keys: string[] = [];
  for (let at = place; at.parent !== undefined; at = at.parent) keys.push(at.key);
  return keys.reduceRight(extend, '');
}

function hasPrototype(value: unknown): boolean {
  return isRecord(value) && Object.hasOwn(value, 'prototype');
}

function extend(path: string, key: string): string {
  if (path.length >= MAX_POINTER_CHARACTERS) return path;
  const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
  return `${path}/${escaped}`.slice(0, MAX_POINTER_CHARACTERS).toWellFormed();
}
