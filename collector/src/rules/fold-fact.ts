import { findWellKnown, type TextFact } from './fact-patterns.js';

/**
 * The one spelling under which a fact counts: Unicode, case and the ways to write a version are
 * folded, so that `linux` is `Linux`, and `v1.2` is `1.2.0`. Folding twice changes nothing more.
 */
export function foldFact(name: TextFact, text: string): string {
  const plain = text.normalize('NFKC').trim();
  const known = findWellKnown(name, plain);
  if (known !== undefined) return known;
  switch (name) {
    case 'version':
      return completeVersion(withoutV(plain.toLowerCase()));
    case 'os_version':
    case 'runtime_version':
      // What a runtime or system calls `20.20` is a line of releases, and not the release 20.20.0.
      return withoutV(plain.toLowerCase());
    case 'agent':
      return plain.toLowerCase();
    case 'os':
    case 'arch':
    case 'runtime':
    case 'channel':
    case 'level':
      return plain;
  }
}

/** A folded start of values, as manifests list it. */
export const foldStart = (name: TextFact, start: string): string => {
  const plain = start.normalize('NFKC').trim().toLowerCase();
  return name.endsWith('version') ? withoutV(plain) : plain;
};

const withoutV = (text: string): string => text.replace(/^v(?=\d)/, '');

/** One or two numbers, and what may come behind them in a version of three numbers. */
const SHORT = /^(\d+)(\.\d+)?(?=$|[-+])/;

const completeVersion = (text: string): string =>
  text.replace(SHORT, (_, major: string, minor = '.0') => `${major}${minor}.0`);
