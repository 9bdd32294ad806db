import type { Embed } from '../../web/page/embed.js';
import type { Page } from '../../web/page/page.js';
import type { PageAssets } from '../../web/page/page-assets.js';
import type { Twin } from '../../web/page/twin.js';

/** What the built renderer exports: see web/render-page.tsx. */
export interface Renderer {
  renderPage(page: Page, assets: PageAssets): string;
  /** Words what is wrong, in the page's language. */
  wordCauses(page: Page): Page;
  tablesOf(page: Page): readonly Twin[];
  renderEmbed(embed: Embed): string;
  /** The style in each of these charts. */
  readonly EMBED_STYLE: string;
}

/** Loads the renderer. Only now, since most collectors on a day are asked for no page. */
export async function openRenderer(): Promise<Renderer> {
  const url = new URL('./web/render-page.js', import.meta.url);
  return (await import(url.href)) as Renderer;
}
