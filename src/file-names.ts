/**
 * The names of all files that Headcount writes, in one place, because users may look for them and
 * senders delete those that a killed process left behind.
 */

/** The folder for the choice that applies to all projects. No project's folder has this name. */
export const ALL_PROJECTS = '_all';
/** Beside that folder: the address of a collector that runs on this machine, which it wrote. */
export const COLLECTOR_ADDRESS = 'collector.json';

// In the config folder of a project.

/**
 * The anonymous ID. Suffixes: `.<16 hex digits>` for an endpoint from the environment,
 * `.<8 hex digits>` for a machine that shares the home of another.
 */
export const ID_KEY = 'anonymous-id';
/** The secret that proves the ownership of an ID; its suffix is that of the ID's name. */
export const SECRET_KEY = 'owner-secret';
/** The deletions that collectors have not confirmed yet. */
export const DELETIONS_KEY = 'deletions';
/** The losses before the last deletion, of an app's own outbox. */
export const LOST_BEFORE_KEY = 'lost-before';
/** The user's choice. */
export const CHOICE_KEY = 'choice';
/** The hash of the events that the user was last told about. */
export const NOTICE_KEY = 'notice';
/** The senders' shared state: when to try again, and which versions the collector refuses. */
export const DELIVERY_KEY = 'delivery';
/** The addresses of all collectors that have acknowledged reports of this install. */
export const COLLECTORS_KEY = 'collectors';
/** The collector's last receipt of a deletion. */
export const RECEIPT_KEY = 'deletion-receipt';

// In its state folder.

/** What the `headcount` command needs to know about an app. */
export const APP_RECORD = 'app.json';
/** Where a client in another language reports to; the digits are the start of the address's SHA-256. */
export const CLIENT_COLLECTOR = /^collector\.[0-9a-f]{16}$/;
/** The last request that a collector has acknowledged, for `show`. */
export const LAST_REQUEST = 'last-request.json';
/** When an exit process was last started. */
export const LAST_UPLOAD = 'last-exit-upload';
/** When `alive` was last reported; the number grows by one with each report. */
export const ALIVE = /^alive\.(\d{1,15})$/;
/** The report of a day, of a client in another language; empty if it was sent. */
export const REPORT_OF_DAY = /^day\.\d{4}-\d{2}-\d{2}$/;
/** What clients in other languages keep: the report of a day or the mark that it was sent, and when the next may be; see docs/protocol.md. */
export const DAY_MARKER = /^(day\.\d{4}-\d{2}-\d{2}|wait|claim\.\d+)$/;
/** A lease file; the number is its generation. */
export const LEASE = /^lease\.(\d{1,15})$/;
/** The content of a lease that was released. */
export const RELEASED = 'released';
/** When a lease's last renewal was first seen: a lease that is not renewed expires. */
export const LEASE_SEEN = 'lease.seen';
/** The folder of the queue. */
export const OUTBOX = 'outbox';
/** The folder of reports that are never sent. */
export const LOCAL_OUTBOX = 'local';

// In an outbox, beside its segments.

/** The numbers of lost reports, one line for each loss. */
export const LOSSES = 'losses';
