import type { OwnNames } from '../platform/platform.js';
import { PERSONAL_PATTERNS, type SanitizeLabel } from './personal-patterns.js';
import { isHarmless } from './sanitizer.js';

/** Texts in reports are never longer. */
const MAX_CHARACTERS = 256;
/** Characters outside ASCII that NFKC does not change, and what they look like. */
const LOOK_ALIKES: readonly (readonly [RegExp, string])[] = [
  [/[\u2044\u2215\u29f8\u2571]/g, '/'],
  [/[\u2216\u29f5\u29f9\u2572]/g, '\\'],
  [/[\u3002\u06d4\u0701]/g, '.'],
  [/[\u2236\ua789\u05c3]/g, ':'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/(?![0-9])\p{Nd}/gu, '1'], // a digit of another script: which one does not matter
];

/** The names that HTML has for the characters of addresses and paths. */
const ENTITIES: Readonly<Record<string, string>> = {
  commat: '@',
  sol: '/',
  bsol: '\\',
  period: '.',
  colon: ':',
};

/**
 * The last check after validation: finds personal data in a text. It also finds data behind
 * invisible characters, look-alikes, and percent and base64 encodings.
 *
 * @example
 * findPersonal('vite'); //=> undefined
 * findPersonal('C:\\Users\\ada\\app'); //=> 'path'
 */
export function findPersonal(text: string): SanitizeLabel | undefined {
  if (isHarmless(text)) return undefined;
  let plain = text.slice(0, MAX_CHARACTERS);
  for (let layers = 0; layers < 4; layers += 1) {
    plain = plain.normalize('NFKC').replace(/\p{C}/gu, '');
    plain = LOOK_ALIKES.reduce((text, [like, real]) => text.replace(like, real), plain);
    const found = matched(plain) ?? behindBase64(plain);
    const decoded = plain
      .replace(/%([\da-f]{2})|&#x([\da-f]{2});|&#(\d{2,3});/gi, decodeCharacter)
      .replace(/&(commat|sol|bsol|period|colon);/g, (_, name: string) => ENTITIES[name] ?? '');
    if (found !== undefined || decoded === plain) return found;
    plain = decoded;
  }
  return 'secret'; // encoded more often: somebody wants to hide it
}

/** Compiled for the first text, so that a program without texts does not pay for it. */
type Compiled = readonly [SanitizeLabel, RegExp, RegExp | undefined];
let compiled: readonly Compiled[] | undefined;

function matched(text: string): SanitizeLabel | undefined {
  compiled ??= PERSONAL_PATTERNS.map(([label, source, cased]) => [
    label,
    new RegExp(source, 'i'),
    cased === undefined ? undefined : new RegExp(cased),
  ]);
  return compiled.find(([, source, cased]) => source.test(text) || cased?.test(text))?.[0];
}

const decodeCharacter = (_: string, percent?: string, hex?: string, decimal?: string): string =>
  String.fromCharCode(decimal ? Number(decimal) : parseInt(percent ?? hex ?? '', 16));

function behindBase64(text: string): SanitizeLabel | undefined {
  for (const [token] of text.matchAll(/[\w+/-]{10,}={0,2}/g)) {
    const decoded = decodeBase64(token.replaceAll('-', '+').replaceAll('_', '/'));
    const found = matched(decoded);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The decoded text; '' if it is not readable text. */
function decodeBase64(token: string): string {
  try {
    const text = atob(token);
    return /^[ -~]+$/.test(text) ? text : '';
  } catch {
    return ''; // not base64
  }
}

/** Names that thousands of accounts and machines have, so that they identify nobody. */
const COMMON = new Set(
  'admin administrator agent alpine android app azureuser build builder ci circleci cloud codespace container dart debian default deploy dev developer docker fedora gitpod guest home jenkins linux local localhost macos node nodejs none nobody npm owner production public release root runner runneradmin server staging test tester travis ubuntu user vagrant vscode windows worker work'.split(
    ' ',
  ),
);
const MIN_CHARACTERS = 3;

/**
 * Finds the names of this machine and its user in a text. Only whole words count: a user called Al
 * must not be found in `algorithm`.
 */
export function findOwnName(text: string, { users, hosts }: OwnNames): 'user' | 'host' | undefined {
  const words = wordsOf(text);
  const isIn = (name: string): boolean => {
    const own = wordsOf(name);
    const plain = own.join('');
    if (plain.length < MIN_CHARACTERS || own.every((word) => COMMON.has(word))) return false;
    return `.${words.join('.')}.`.includes(`.${own.join('.')}.`);
  };
  if (users.some(isIn)) return 'user';
  return hosts.some((host) => isIn(host) || isIn(host.split('.', 1)[0] ?? '')) ? 'host' : undefined;
}

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
