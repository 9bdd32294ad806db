import { isCoarseSemver } from '../wire/manifest.js';

const WORDS = new Set(['unknown', 'dev', 'development', 'nightly', 'canary', 'next', 'latest']);
const NUMBERS = /^v?(\d{1,8}(\.\d{1,8}){0,3})(?![\w])/;

/**
 * A version with nothing of somebody's own in it: numbers, and a well-known prerelease. What is
 * beside them (a branch, a commit, a build machine) becomes `-other`.
 *
 * @example
 * coarseVersion('2.3.1-beta.4'); //=> '2.3.1-beta.4'
 * coarseVersion('2.3.1-5-g1a2b3c4-dirty'); //=> '2.3.1-other'
 * coarseVersion('ada/feature'); //=> 'other'
 */
export function coarseVersion(version: string): string {
  if (isCoarseSemver(version) || WORDS.has(version)) return version;
  const [all = '', numbers] = NUMBERS.exec(version) ?? [];
  if (numbers === undefined) return 'other';
  return all === version ? numbers : `${numbers}-other`;
}
