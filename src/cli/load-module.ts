import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** Loads one of the author's modules by its path from the working folder. Returns its exports. */
export async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const { href } = pathToFileURL(path.resolve(process.cwd(), file));
  // The cast: every module has exports.
  return (await import(href)) as Readonly<Record<string, unknown>>;
}
