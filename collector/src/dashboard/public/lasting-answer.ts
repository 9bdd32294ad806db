/** How long what everybody sees stands, in seconds: here, in browsers, and in the caches of others. */
export const LIFETIME_SECONDS = 60 * 60;

/** Headers of what pages of others may show and read. */
export const LASTING = {
  'cache-control': `public, max-age=${LIFETIME_SECONDS}`,
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
} as const;

/** How the document of the API describes {@link LASTING}. */
export const LASTING_HEADERS = {
  'cache-control': `An hour: ${LASTING['cache-control']}`,
  'access-control-allow-origin': '*: pages of all origins may read it',
} as const;
