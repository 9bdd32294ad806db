/** Stands for a variable that cannot be read. It counts as set, so `DO_NOT_TRACK` turns it off. */
export const UNREADABLE_VARIABLE = 'unreadable';
