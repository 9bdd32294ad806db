import type { Documented } from '../openapi/documented.js';

/** What goes for every question whose answer has rows. */
export const DOCUMENTED_ROWS: Documented = {
  problems: ['rate_limited', 'failing'],
  media: {
    'text/csv': {
      type: 'string',
      description: 'The rows, with a head that follows from the question (RFC 4180)',
    },
    'application/x-ndjson': { type: 'string', description: 'The rows, one object a line' },
  },
};

/** What goes for every question that may be answered with 304. */
export const DOCUMENTED_ANSWER: Documented = {
  ...DOCUMENTED_ROWS,
  headers: {
    etag: 'For If-None-Match: 304 is all there is to send until something changes',
    'cache-control': 'no-cache: ask again with If-None-Match before using it again',
    vary: 'Accept chooses the format where ?format= does not',
    'headcount-as-of': 'The same as as_of, for formats that have rows alone',
    'headcount-timezone': 'The same as timezone, for formats that have rows alone',
  },
};
