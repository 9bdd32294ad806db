import type { VNode } from 'preact';
import type { Content } from '../page/content.js';
import { FirstRunPage } from './first-run-page.js';
import { HomePage } from './home-page.js';
import { LivePage } from './live-page.js';
import { FeaturesPage } from './features-page.js';
import { SystemsPage } from './systems-page.js';
import { VersionsPage } from './versions-page.js';
import { OverviewPage } from './overview-page.js';
import { ProblemPage } from './problem-page.js';
import { PublicPage } from './public-page.js';
import { RetentionPage } from './retention-page.js';
import { QualityPage } from './quality-page.js';
import { SettingsPage } from './settings-page.js';
import { SignInPage } from './sign-in-page.js';
import { SystemPage } from './system-page.js';
import { YourDataPage } from './your-data-page.js';

/** The page that a content is for. */
export function PageContent({ content }: { readonly content: Content }): VNode {
  switch (content.page) {
    case 'versions':
      return <VersionsPage content={content} />;
    case 'systems':
      return <SystemsPage content={content} />;
    case 'features':
      return <FeaturesPage content={content} />;
    case 'home':
      return <HomePage content={content} />;
    case 'live':
      return <LivePage content={content} />;
    case 'quality':
      return <QualityPage content={content} />;
    case 'system':
      return <SystemPage content={content} />;
    case 'settings':
      return <SettingsPage content={content} />;
    case 'sign-in':
      return <SignInPage content={content} />;
    case 'retention':
      return <RetentionPage content={content} />;
    case 'overview':
      return <OverviewPage content={content} />;
    case 'first-run':
      return <FirstRunPage content={content} />;
    case 'public':
      return <PublicPage content={content} />;
    case 'your-data':
      return <YourDataPage content={content} />;
    case 'problem':
      return <ProblemPage content={content} />;
  }
}
