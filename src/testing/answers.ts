/**
 * How a test's collector answers to reports.
 *
 * - `accept`: with a receipt, as a collector that has them on its disk.
 * - `hang`: not at all. The connection stays open, as at a black hole.
 * - `refuse`: nobody listens on its port.
 * - `{ status }`: with this status and a problem that fits it, such as 429, 503 or 410.
 */
export type TestAnswer =
  | 'accept'
  | 'hang'
  | 'refuse'
  | {
      readonly status: number;
      /** The header `Retry-After`. */
      readonly retryAfterS?: number;
    };

/** What goes over the wire. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The codes that a collector gives with these statuses (docs/protocol.md). */
const CODES: Readonly<Record<number, string>> = {
  400: 'not_json',
  401: 'key_required',
  403: 'key_wrong',
  404: 'not_found',
  410: 'project_closed',
  413: 'too_large',
  415: 'wrong_content_type',
  422: 'missing_field',
  429: 'rate_limited',
  503: 'busy',
  507: 'disk_full',
};

/** An answer with a JSON body. */
export const json = (status: number, value: object): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** An answer as a collector gives it if it does not take a request. */
export function problem(status: number, retryAfterS?: number): HttpAnswer {
  const code = CODES[status] ?? `status_${status}`;
  const title = 'The collector of a test was told to answer this.';
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
    },
    body: JSON.stringify({ type: `urn:headcount:problem:${code}`, title, status, code }),
  };
}
