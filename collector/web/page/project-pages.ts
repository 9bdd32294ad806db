/** The pages of a project, in the order of the navigation. */
export const PROJECT_PAGES = [
  'overview',
  'versions',
  'systems',
  'features',
  'retention',
  'live',
  'quality',
  'system',
  'settings',
] as const;

export type ProjectPageName = (typeof PROJECT_PAGES)[number];
