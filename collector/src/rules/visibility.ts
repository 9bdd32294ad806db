/** What a project shows to requests without a token, from the least to the most. */
export const VISIBILITIES = ['none', 'summary', 'detailed'] as const;

/** One of {@link VISIBILITIES}. */
export type Visibility = (typeof VISIBILITIES)[number];

/** Whether a visibility is the needed one or above it. */
export function showsAtLeast(visibility: Visibility, needed: Visibility): boolean {
  return VISIBILITIES.indexOf(visibility) >= VISIBILITIES.indexOf(needed);
}
