import { gatherVersions } from './pages/gather-versions.js';
import { gatherSystems } from './pages/gather-systems.js';
import { gatherFeatures } from './pages/gather-features.js';
import type { ProjectPageName } from '../../web/page/project-pages.js';
import type { Level } from '../access/level.js';
import type { Gather } from './gather.js';
import { gatherRetention } from './pages/gather-retention.js';
import { gatherLive } from './pages/gather-live.js';
import { gatherQuality } from './pages/gather-quality.js';
import { gatherSettings } from './pages/gather-settings.js';
import { gatherSystem } from './pages/gather-system.js';
import { gatherOverview } from './pages/gather-overview.js';

interface ProjectPage {
  /** The least level that sees the page. For others it is absent. */
  readonly level: Level;
  readonly gather: Gather;
  /** Whether it shows counts; else it is made even if they cannot be read. `true` by default. */
  readonly needsCounts?: boolean;
}

/** The pages of a project: who sees them, and what they are made of. */
export const PROJECT_PAGE_PARTS: Partial<Readonly<Record<ProjectPageName, ProjectPage>>> = {
  retention: { level: 'restricted', gather: gatherRetention },
  live: { level: 'restricted', gather: gatherLive },
  quality: { level: 'developer', gather: gatherQuality },
  settings: { level: 'administrator', gather: async (asked) => gatherSettings(asked) },
  system: { level: 'developer', gather: gatherSystem, needsCounts: false },
  features: { level: 'restricted', gather: gatherFeatures },
  systems: { level: 'restricted', gather: gatherSystems },
  versions: { level: 'restricted', gather: gatherVersions },
  overview: { level: 'restricted', gather: gatherOverview },
};
