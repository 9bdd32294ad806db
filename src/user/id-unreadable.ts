/** Why nobody can be asked about an ID that is kept and may not be read. */
export const ID_UNREADABLE = 'the ID that is kept here cannot be read; `doctor` tells where it is';
