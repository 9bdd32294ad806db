import { readFileSync } from 'node:fs';
import { satisfies, validRange } from 'semver';
import { describe, expect, it } from 'vitest';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'));

interface Installed {
  readonly version?: string;
  readonly dev?: boolean;
  readonly engines?: { readonly node?: string };
}

const { packages } = read('package-lock.json') as {
  readonly packages: Readonly<Record<string, Installed>>;
};

/** The lowest version that both packages promise to run on. */
const LOWEST = '20.18.1';

/** The version that the packages are developed with; see docs/decisions/0002-toolchain.md. */
const DEVELOPED_WITH = '20.20.2';

/** Packages of the lock file that do not run on a version, as npm's EBADENGINE names them. */
const refusing = (version: string, isChecked: (installed: Installed) => boolean): string[] =>
  Object.entries(packages).flatMap(([path, installed]) => {
    const needed = installed.engines?.node;
    const isFine = needed === undefined || satisfies(version, needed);
    return isFine || !isChecked(installed) ? [] : [`${path} needs ${needed}`];
  });

describe('the dependencies', () => {
  it('of the packages run on the lowest version of Node.js that is promised', () => {
    for (const path of ['package.json', 'collector/package.json']) {
      const { engines } = read(path) as { readonly engines: { readonly node: string } };
      expect([path, engines.node]).toEqual([path, `>=${LOWEST}`]);
    }
    const checked = Object.values(packages).filter(({ dev }) => dev !== true);
    expect(checked.length).toBeGreaterThan(30);
    expect(refusing(LOWEST, ({ dev }) => dev !== true)).toEqual([]);
  });

  it('of development run on the version that is developed with', () => {
    // Those of other platforms and of optional formats are never loaded.
    const isLoaded = ({ optional }: Installed & { optional?: boolean }) => optional !== true;
    expect(refusing(DEVELOPED_WITH, isLoaded)).toEqual([]);
  });

  it('say what they need in a way that npm understands', () => {
    for (const [path, { engines }] of Object.entries(packages)) {
      if (engines?.node !== undefined)
        expect([path, validRange(engines.node)]).not.toEqual([path, null]);
    }
  });
});
