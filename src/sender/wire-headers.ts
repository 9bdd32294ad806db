import type { Request } from './network/http-client.js';

/** Names and values, in the order they are sent. */
export type WireHeaders = readonly (readonly [name: string, value: string])[];

/**
 * All headers of a request: a fixed set, with nothing of the app in it. undici adds the first two
 * and the last one by itself; a test compares the bytes.
 *
 * @param isKept - whether the connection may be used again
 */
export function wireHeaders(
  { url, headers, body }: Pick<Request, 'url' | 'headers' | 'body'>,
  isKept: boolean,
): WireHeaders {
  return [
    ['host', new URL(url).host],
    ['connection', isKept ? 'keep-alive' : 'close'],
    ...Object.entries(headers),
    ...(body === undefined ? [] : [['content-length', String(body.byteLength)] as const]),
  ];
}
