import {
  type BooleanField,
  type BucketField,
  bucketLabels,
  type CountField,
  type SemverField,
} from '../wire/manifest.js';

/**
 * A field that is true or false.
 *
 * @example
 * defineEvents({ build: { description: 'A build was finished.', fields: { cached: boolean() } } });
 */
export const boolean = (): BooleanField => ({ kind: 'boolean' });

/**
 * A number of which only its range is sent. Below the first bound, from each bound up to below the
 * next, and from the last bound on.
 *
 * @param bounds - 1–20 whole numbers from 1 to 10¹², ascending
 * @example
 * bucket(100, 1_000, 10_000); // sends '<100', '100-1000', '1000-10000' or '>=10000'
 */
export const bucket = (...bounds: readonly number[]): BucketField => ({
  kind: 'bucket',
  bounds,
  values: bucketLabels(bounds),
});

/**
 * The version of something: `major.minor.patch`, with a prerelease only if it is a well-known one
 * (alpha, beta, canary, dev, experimental, next, nightly, pre, preview, rc, snapshot) and at most
 * one number. A leading `v` and build metadata are cut off; anything else is not sent.
 *
 * @example
 * headcount.track('build', { viteVersion: '6.0.0-beta.4' });
 */
export const semver = (): SemverField => ({ kind: 'semver' });

/**
 * A whole number from 0. One above `max` is sent as `max`, so that a rare size tells nobody apart.
 *
 * @param limits - `max`: 1–1 000 000
 * @example
 * count({ max: 50 });
 */
export const count = ({ max }: { readonly max: number }): CountField => ({ kind: 'count', max });
