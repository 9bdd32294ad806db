import { readFile } from 'node:fs/promises';
import type { LanguageTag } from '../../web/language/language-tags.js';

/** Below this folder lies what build/build-web.mjs has built. */
const FOLDER = new URL('./web/', import.meta.url);

/** The types of built files, by the ends of their names. */
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** A file that browsers load, in each encoding. */
export interface WebFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

/** The built files of the dashboard. */
export interface WebFiles {
  /** The name of the script of each language. */
  readonly script: Readonly<Record<LanguageTag, string>>;
  readonly style: string;
  readonly icon: string;
  /** By their names. */
  readonly files: ReadonlyMap<string, WebFile>;
}

/** Reads the built files of the dashboard, compressed as the build has left them. */
export async function readWebFiles(): Promise<WebFiles> {
  // The build has written it.
  const names = JSON.parse(await readFile(new URL('files.json', FOLDER), 'utf8')) as Pick<
    WebFiles,
    'script' | 'style' | 'icon'
  >;
  const files = await Promise.all(
    [...Object.values(names.script), names.style, names.icon].map(async (name) => {
      const read = (end: string): Promise<Buffer> => readFile(new URL(name + end, FOLDER));
      const [plain, br, gzip] = await Promise.all([read(''), read('.br'), read('.gz')]);
      const type = TYPES[name.split('.').pop() ?? ''] ?? 'application/octet-stream';
      return [name, { type, plain, br, gzip }] as const;
    }),
  );
  return { ...names, files: new Map(files) };
}
