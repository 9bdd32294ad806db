import type { VersionsContent } from './versions-content.js';
import type { SystemsContent } from './systems-content.js';
import type { FeaturesContent } from './features-content.js';
import type { FirstRunContent } from './first-run-content.js';
import type { HomeContent } from './home-content.js';
import type { LiveContent } from './live-content.js';
import type { OverviewContent } from './overview-content.js';
import type { ProblemContent } from './problem-content.js';
import type { PublicContent } from './public-content.js';
import type { RetentionContent } from './retention-content.js';
import type { QualityContent } from './quality-content.js';
import type { SettingsContent } from './settings-content.js';
import type { SignInContent } from './sign-in-content.js';
import type { SystemContent } from './system-content.js';
import type { YourDataContent } from './your-data-content.js';

/** What a page shows: one member for each page, from the file of its name. */
export type Content =
  | FeaturesContent
  | FirstRunContent
  | HomeContent
  | LiveContent
  | OverviewContent
  | ProblemContent
  | PublicContent
  | QualityContent
  | RetentionContent
  | SettingsContent
  | SignInContent
  | SystemContent
  | SystemsContent
  | VersionsContent
  | YourDataContent;
