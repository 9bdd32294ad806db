/** The largest body of a request after decompression, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** The largest compressed body of a request, in bytes on the wire. */
export const MAX_COMPRESSED_BYTES = 256 * 1024;

/** The detail of `too_large`. */
export const TOO_LARGE = `A body has at most ${MAX_BODY_BYTES} bytes, inflated or sent plain, and at most ${MAX_COMPRESSED_BYTES} bytes compressed.`;

/** The longest value of a dimension, in characters; longer ones are cut. */
export const MAX_VALUE_CHARACTERS = 64;

/** Fields of an event that are kept at most: as many as a client may send. */
export const MAX_FIELDS = 64;

/** Bytes of all bodies that are being received at the same time. */
export const MAX_BODIES_BYTES = 64 * MAX_BODY_BYTES;

/** How deep a body's arrays and objects may be nested; a batch of reports needs 4. */
export const MAX_JSON_DEPTH = 32;

/** Values in a body; 500 reports with all their fields have 50 000. */
export const MAX_JSON_VALUES = 100_000;

/** Of a body that is too large, so much is read before it is refused, so that proxies get the answer. */
export const MAX_DISCARDED_BYTES = 16 * MAX_BODY_BYTES;
