import { versionsTwins } from './versions-page.js';
import { systemsTwins } from './systems-page.js';
import { featuresTwins } from './features-page.js';
import { overviewTwins } from './overview/overview-twins.js';
import type { Language } from '../language/language.js';
import type { Content } from '../page/content.js';
import type { Twin } from '../page/twin.js';
import { publicTwins } from './public-twins.js';
import { retentionTwins } from './retention-page.js';
import { qualityTwins } from './quality-twins.js';
import { systemTwins } from './system-twins.js';

/** The tables of all charts of a page, in the order of the page. */
export function twinsOf(content: Content, language: Language): readonly Twin[] {
  switch (content.page) {
    case 'versions':
      return versionsTwins(content, language);
    case 'systems':
      return systemsTwins(content, language);
    case 'features':
      return featuresTwins(content, language);
    case 'retention':
      return retentionTwins(content, language);
    case 'quality':
      return qualityTwins(content, language);
    case 'system':
      return systemTwins(content, language);
    case 'overview':
      return overviewTwins(content, language);
    case 'public':
      return publicTwins(content, language);
    case 'live':
    case 'first-run':
    case 'home':
    case 'settings':
    case 'sign-in':
    case 'your-data':
    case 'problem':
      return [];
  }
}
