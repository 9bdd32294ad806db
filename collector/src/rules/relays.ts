/**
 * The header of what a relay passes on: the relays that it came by, the first one first. Like `CDN-Loop`
 * (RFC 8586) it is for relays alone; a collector does not read it.
 */
export const RELAYED_BY = 'headcount-relayed-by';

/** Relays that a report may come by. */
export const MOST_RELAYS = 8;
