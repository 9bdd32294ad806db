// @ts-check

/** Days that are shown, the running one included. */
export const DAYS = 90;

/** People over all days: about 12 800 of them within the last 28. */
export const PEOPLE = 24_000;

export const PROJECT = 'acme-cli';
/** A project with reports of one day alone. */
export const YOUNG_PROJECT = 'acme-docs';
/** A project without reports. */
export const EMPTY_PROJECT = 'acme-next';
