import type { Language } from '../language/language.js';
import type { Page } from '../page/page.js';

/** The title of a page in the browser's tab. */
export function pageTitle({ frame, content }: Page, { texts }: Language): string {
  return [nameOf(content, texts), frame.project, 'Headcount']
    .filter((part) => part !== null)
    .join(' · ');
}

function nameOf(content: Page['content'], texts: Language['texts']): string {
  switch (content.page) {
    case 'versions':
      return texts.frame.pages.versions;
    case 'systems':
      return texts.frame.pages.systems;
    case 'features':
      return texts.frame.pages.features;
    case 'home':
      return texts.home.title;
    case 'retention':
      return texts.retention.title;
    case 'settings':
      return texts.settings.title;
    case 'sign-in':
      return texts.signIn.title;
    case 'live':
      return texts.live.title;
    case 'quality':
      return texts.quality.title;
    case 'system':
      return texts.system.title;
    case 'overview':
      return texts.frame.pages.overview;
    case 'first-run':
      return texts.firstRun.tab;
    case 'public':
      return texts.publicPage.title(content.project);
    case 'your-data':
      return texts.yourData.title;
    case 'problem':
      return texts.problem.title[content.problem];
  }
}
