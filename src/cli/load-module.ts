import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** Loads a module of the author's, by a path from the working folder: what it exports. */
export async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const { href } = pathToFileURL(path.resolve(process.cwd(), file));
  // The cast: whatever a module is, it has exports.
  return (await import(href)) as Readonly<Record<string, unknown>>;
}
