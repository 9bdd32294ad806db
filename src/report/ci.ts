import vendors from 'ci-info/vendors.json' with { type: 'json' };
import type { Env } from '../platform/platform.js';

/** One condition of ci-info's table: a variable is set, or variables have certain values. */
export type CiCondition =
  | string
  | { readonly any: readonly string[] }
  | { readonly env: string; readonly includes: string }
  | Readonly<Record<string, string>>;

/** Variables that CI systems without an entry in the table set. From ci-info, `isCI`. */
export const GENERIC_CI_VARIABLES = [
  'BUILD_ID',
  'BUILD_NUMBER',
  'CI',
  'CI_APP_ID',
  'CI_BUILD_ID',
  'CI_BUILD_NUMBER',
  'CI_NAME',
  'CONTINUOUS_INTEGRATION',
  'RUN_ID',
];

/**
 * The CI system that runs this process, by ci-info's table of vendors: `github-actions` for
 * example, `unknown` if it has no entry there, `null` outside CI. Only the table is used, because
 * ci-info itself reads the environment when it is loaded.
 */
export function detectCi(env: Env): string | null {
  if (env['CI'] === 'false') return null;
  const vendor = vendors.find(({ env: condition }) =>
    // The cast: TypeScript infers one object type with optional keys from the JSON.
    [condition].flat().every((part) => holds(part as CiCondition, env)),
  );
  if (vendor) return slug(vendor.name);
  return GENERIC_CI_VARIABLES.some((name) => env[name]) ? 'unknown' : null;
}

function holds(condition: CiCondition, env: Env): boolean {
  if (typeof condition === 'string') return Boolean(env[condition]);
  if ('any' in condition) return [condition.any].flat().some((name) => env[name]);
  if ('includes' in condition) {
    return env[String(condition['env'])]?.includes(condition['includes']) ?? false;
  }
  return Object.entries(condition).every(([name, value]) => env[name] === value);
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 32);
