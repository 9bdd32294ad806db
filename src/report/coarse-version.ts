import { isCoarseSemver } from '../wire/manifest.js';

const WORDS = ['unknown', 'dev', 'development', 'nightly', 'canary', 'next', 'latest'];
const NUMBERS = /^v?(\d{1,8}(\.\d{1,8}){0,3})(?![\w])/;

/**
 * A version without anything personal: numbers and a well-known prerelease. Any other part (a
 * branch, a commit, a build machine) becomes `-other`.
 *
 * @example
 * coarseVersion('2.3.1-beta.4'); //=> '2.3.1-beta.4'
 * coarseVersion('2.3.1-5-g1a2b3c4-dirty'); //=> '2.3.1-other'
 * coarseVersion('ada/feature'); //=> 'other'
 */
export function coarseVersion(version: string): string {
  if (isCoarseSemver(version) || WORDS.includes(version)) return version;
  const [all = '', numbers] = NUMBERS.exec(version) ?? [];
  if (numbers === undefined) return 'other';
  return all === version ? numbers : `${numbers}-other`;
}
