import { PROJECT } from './demo-collector.js';

/** The pages of the project, by their names. */
export const PROJECT_PAGES = {
  overview: `/p/${PROJECT}`,
  versions: `/p/${PROJECT}/versions`,
  systems: `/p/${PROJECT}/systems`,
  features: `/p/${PROJECT}/features`,
  retention: `/p/${PROJECT}/retention`,
  live: `/p/${PROJECT}/live`,
  quality: `/p/${PROJECT}/quality`,
  system: `/p/${PROJECT}/system`,
};

/** Every page, by the name of its screenshots. */
export const PAGES = {
  home: '/',
  'sign-in': '/sign-in',
  ...PROJECT_PAGES,
  settings: `/p/${PROJECT}/settings`,
  public: `/public/${PROJECT}`,
  'your-data': '/your-data',
  'not-found': '/nothing/here',
};
