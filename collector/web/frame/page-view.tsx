import type { VNode } from 'preact';
import { LanguageContext, languageOf } from '../language/language.js';
import type { Page } from '../page/page.js';
import { PageContext, pageContext } from '../page/use-page.js';
import { PageContent } from '../pages/page-content.js';
import { PageFooter } from './page-footer.js';
import { PageHeader } from './page-header.js';

/** A whole page: what the server renders and the browser hydrates. */
export function PageView({ page }: { readonly page: Page }): VNode {
  const language = languageOf(page.frame.language);
  return (
    <LanguageContext.Provider value={language}>
      <PageContext.Provider value={pageContext(page.frame)}>
        <a class="vh" href="#main">
          {language.texts.frame.skip}
        </a>
        <PageHeader current={page.content.page === 'first-run' ? 'overview' : page.content.page} />
        <main id="main" class="wrap" tabindex={-1}>
          <PageContent content={page.content} />
        </main>
        <PageFooter />
      </PageContext.Provider>
    </LanguageContext.Provider>
  );
}
