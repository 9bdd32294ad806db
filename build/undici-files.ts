import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildFailure } from 'esbuild';
import { leanUndici } from './lean-undici.js';

/** The files of undici in a bundle, and those that `lean-undici.ts` left out of it. */
export interface UndiciFiles {
  /** Relative to undici's folder, such as `lib/core/util.js`, each with its minified bytes. */
  readonly bundled: Readonly<Record<string, number>>;
  /** As undici imports them, such as `./client-h2.js`. */
  readonly leftOut: readonly string[];
}

const root = fileURLToPath(new URL('../', import.meta.url));
const undici = path.join(root, 'node_modules/undici');

/** Bundles all files that import undici, as the sender does. Rejects if a file is missing. */
export async function undiciFiles(
  entry = path.join(root, 'src/sender/http.ts'),
): Promise<UndiciFiles> {
  const { metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    outdir: path.join(root, 'dist'),
    nodePaths: [path.join(root, 'node_modules')],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [leanUndici],
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {});
  const bundled = inputs.flatMap(([file, { bytesInOutput }]): [string, number][] => {
    const [, name] = /node_modules\/undici\/(.+)$/.exec(file) ?? [];
    return name === undefined ? [] : [[name, bytesInOutput]];
  });
  const leftOut = Object.keys(metafile.inputs).flatMap(
    (file) => /^left-out:(.+)$/.exec(file)?.[1] ?? [],
  );
  return { bundled: Object.fromEntries(bundled.sort()), leftOut: leftOut.sort() };
}

/** How a bundle differs from the accepted list `undici-files.json`, a sentence for each file. */
export function whatMoved(
  known: Readonly<Record<'bundled' | 'leftOut', readonly string[]>>,
  found: UndiciFiles,
  isThere = (file: string): boolean => existsSync(path.join(undici, file)),
): string[] {
  const gone = known.bundled.filter((file) => !(file in found.bundled));
  const fresh = Object.keys(found.bundled).filter((file) => !known.bundled.includes(file));
  const newPlace = (file: string): string | undefined =>
    fresh.find((other) => path.basename(other) === path.basename(file) && !isThere(file));
  const moved = new Set(gone.map(newPlace));
  return [
    ...gone.map((file) => {
      const place = newPlace(file);
      if (place !== undefined) return `${file} moved to ${place}`;
      return isThere(file) ? `${file} is no longer bundled` : `${file} is no longer part of undici`;
    }),
    ...fresh
      .filter((file) => !moved.has(file))
      .map((file) => `${file} is new in the bundle: ${found.bundled[file]} bytes`),
    ...known.leftOut
      .filter((name) => !found.leftOut.includes(name))
      .map((name) => `undici no longer imports ${name}, which build/lean-undici.ts leaves out`),
    ...found.leftOut
      .filter((name) => !known.leftOut.includes(name))
      .map((name) => `undici now imports ${name}, which build/lean-undici.ts leaves out`),
  ];
}

/** What a failed bundle says, a sentence for each import of a missing file. */
export const whatIsMissing = ({ errors }: BuildFailure): string[] =>
  errors.map(({ text, location }) => `${location?.file ?? 'build/lean-undici.ts'}: ${text}`);
