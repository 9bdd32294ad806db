import type { OwnNames } from '../platform/platform.js';

/** Accounts and machines that are called so by the thousand: no names of anybody. */
const COMMON = new Set(
  'admin administrator agent alpine android app azureuser build builder ci circleci cloud codespace container dart debian default deploy dev developer docker fedora gitpod guest home jenkins linux local localhost macos node nodejs none nobody npm owner production public release root runner runneradmin server staging test tester travis ubuntu user vagrant vscode windows worker work'.split(
    ' ',
  ),
);
const MIN_CHARACTERS = 3;

/**
 * Which of the machine's own names is in a text as a word: not in part of one, or a user called Al
 * would be found in every `al`gorithm.
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
