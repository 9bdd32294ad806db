import { render } from 'preact-render-to-string';
import { Defs } from './charts/defs.js';
import { PageView } from './frame/page-view.js';
import { languageOf } from './language/language.js';
import type { Page } from './page/page.js';
import type { PageAssets } from './page/page-assets.js';
import type { Twin } from './page/twin.js';
import { pageTitle } from './pages/page-title.js';
import { twinsOf } from './pages/twins-of.js';

/** Renders a whole HTML document, which works without script. */
export function renderPage(page: Page, assets: PageAssets): string {
  const { frame } = page;
  const language = languageOf(frame.language);
  const theme = frame.theme === 'auto' ? undefined : frame.theme;
  const html = render(
    <html lang={language.locale} data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="same-origin" />
        <title>{pageTitle(page, language)}</title>
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.style} />
        <script type="module" src={assets.script} />
      </head>
      <body>
        <Defs />
        <div id="root">
          <PageView page={page} />
        </div>
        <script
          type="application/json"
          id="page"
          // No text of the page can end the element: every < is written as an escape of JSON.
          dangerouslySetInnerHTML={{ __html: JSON.stringify(page).replaceAll('<', '\\u003c') }}
        />
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}

/** The tables of a page's charts: what its CSV files are made of. */
export const tablesOf = (page: Page): readonly Twin[] =>
  twinsOf(page.content, languageOf(page.frame.language));

export { EMBED_STYLE } from './embeds/embed-style.js';
export { wordCauses } from './language/word-causes.js';
export { renderEmbed } from './embeds/render-embed.js';
