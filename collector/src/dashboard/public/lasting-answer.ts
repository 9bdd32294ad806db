/** How long what everybody sees stands, in seconds: here, in browsers, and in the caches of others. */
export const LIFETIME_SECONDS = 60 * 60;

/** Headers of what pages of others may show and read. */
export const LASTING = {
  'cache-control': `public, max-age=${LIFETIME_SECONDS}`,
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
} as const;
