import semver from 'semver';

/** `1.0rc1` and `2.1.0.dev3`, as Python writes pre-releases. */
const PRE_RELEASE = /^(\d+(?:\.\d+)*)[._]?(a|alpha|b|beta|c|rc|pre|preview|dev)[._]?(\d*)$/;

/** A value whose place in the order of versions is known. */
export interface RankedVersion {
  readonly value: string;
  /** From 0 for the latest; the same for equal versions. `null` if it is no version. */
  readonly rank: number | null;
}

/**
 * Puts values in the order of semantic versions, the latest first: 1.10.0, 1.10.0-rc.1, 1.9.0. Those
 * that are no version come last.
 */
export function rankVersions(values: readonly string[]): RankedVersion[] {
  const parsed = values.map((value) => ({ value, version: toVersion(value) }));
  const sorted = parsed.sort(
    (a, b) => compare(b, a) || (a.value < b.value ? -1 : Number(a.value > b.value)),
  );
  let rank = -1;
  return sorted.map((one, at) => {
    const before = sorted[at - 1];
    if (before === undefined || compare(before, one) !== 0) rank++;
    return { value: one.value, rank: one.version === null ? null : rank };
  });
}

interface Parsed {
  readonly value: string;
  readonly version: semver.SemVer | null;
}

const compare = (a: Parsed, b: Parsed): number => {
  if (a.version === null || b.version === null) {
    return Number(a.version !== null) - Number(b.version !== null);
  }
  // Not `semver.compare()`, which would parse both again.
  return a.version.compare(b.version) || fourthOf(a.value) - fourthOf(b.value);
};

/**
 * A value as a semantic version: missing numbers are 0, and those beyond the third are left out.
 *
 * @returns `null` if it does not begin with a number, or has one above 9007199254740991.
 */
function toVersion(value: string): semver.SemVer | null {
  if (!/^\d/.test(value) || hasLargeNumber(value)) return null;
  const text = value.replace(PRE_RELEASE, (_, numbers: string, name: string, n: string) => {
    const [major = '0', minor = '0', patch = '0'] = numbers.split('.');
    return `${major}.${minor}.${patch}-${name}${n === '' ? '' : `.${n}`}`;
  });
  return semver.parse(text, { loose: true }) ?? semver.coerce(text, { includePrerelease: true });
}

/** Whether one of its numbers cannot be compared exactly. What follows a plus is not compared. */
const hasLargeNumber = (value: string): boolean =>
  (/^[^+]*/.exec(value)?.[0].match(/\d+/g) ?? []).some(
    // `semver` looks at 16 digits of a number at most.
    (digits) => digits.length > 16 || Number(digits) > Number.MAX_SAFE_INTEGER,
  );

/** Semantic versions have three numbers; some have four. */
const fourthOf = (value: string): number => Number(/^\d+\.\d+\.\d+\.(\d+)/.exec(value)?.[1] ?? 0);

/** Whether a version is in a range such as `<2 || 3.x`; pre-releases are too. */
export function isInRange(value: string, range: string): boolean {
  const version = toVersion(value);
  return version !== null && semver.satisfies(version, range, { includePrerelease: true });
}

/** Whether a text is a range of versions. */
export const isRange = (text: string): boolean => semver.validRange(text) !== null;

/** Whether a value is a pre-release, such as 2.0.0-rc.1; `null` if it is no version. */
export function isPreRelease(value: string): boolean | null {
  const version = toVersion(value);
  return version === null ? null : version.prerelease.length > 0;
}
