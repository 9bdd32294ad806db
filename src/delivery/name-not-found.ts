/**
 * The problem of a sender in the host's process that finds no address for a name. It says nothing of
 * the collector: a process of its own may find one, by the system's own look-up.
 */
export const NAME_NOT_FOUND = 'ENOTFOUND';
