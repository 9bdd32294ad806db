/** Where a report is when it is acknowledged: on the collector's disk, or counted in the store. */
export const DURABILITIES = ['journal', 'store'] as const;

/** One of {@link DURABILITIES}. */
export type Durability = (typeof DURABILITIES)[number];
