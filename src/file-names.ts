/**
 * Every name under which Headcount keeps something on disk, in one place: the user may look for
 * them, and a sender sweeps what a killed process left of them.
 */

/** The folder of what holds for all projects. No project's folder can have this name. */
export const ALL_PROJECTS = '_all';
/** Beside that folder: the address of a collector that runs on this machine, which it wrote. */
export const COLLECTOR_ADDRESS = 'collector.json';

// In the config folder of a project.

/** The anonymous ID; `anonymous-id.<8 hex digits>` where several machines share a home. */
export const ID_KEY = 'anonymous-id';
/** The user's choice. */
export const CHOICE_KEY = 'choice';
/** The hash of the events that the user was last told of. */
export const NOTICE_KEY = 'notice';
/** What senders leave for each other: when to try again, and what never to try. */
export const DELIVERY_KEY = 'delivery';
/** The collector's last receipt of a deletion. */
export const RECEIPT_KEY = 'deletion-receipt';

// In its state folder.

/** What the `headcount` command must know of an app that it does not run in. */
export const APP_RECORD = 'app.json';
/** The last request that a collector has acknowledged, for the user to look at. */
export const LAST_REQUEST = 'last-request.json';
/** When an exit process was last started. */
export const LAST_UPLOAD = 'last-exit-upload';
/** A lease by its generation. */
export const LEASE = /^lease\.(\d{1,15})$/;
/** What stands in a lease that nobody holds. */
export const RELEASED = 'released';
/** What was last seen of a lease whose holder cannot be asked. */
export const LEASE_SEEN = 'lease.seen';
/** The folder of reports that wait to be sent. */
export const OUTBOX = 'outbox';
/** The folder of reports that are never sent. */
export const LOCAL_OUTBOX = 'local';

// In an outbox, beside its segments.

/** How many reports were lost, a line for each time. */
export const LOSSES = 'losses';
