import { DOCUMENT_PAGES } from '../page/document-pages.js';
import type { Page } from '../page/page.js';

/** The content type of a page's data: what a page is drawn from, without the HTML. */
const PAGE_TYPE = 'application/vnd.headcount.page+json';

/** How long the collector may take to answer, in milliseconds. */
const TIMEOUT_MS = 15_000;

type Fetched =
  | { readonly kind: 'page'; readonly page: Page; readonly url: string }
  /** It has no data of a page, but a document, a file, or one of another build. */
  | { readonly kind: 'document' }
  | { readonly kind: 'unreachable' };

/** Fetches the data of the page at a URL. */
export async function fetchPage(url: string, signal: AbortSignal): Promise<Fetched> {
  try {
    const response = await fetch(url, {
      headers: { accept: PAGE_TYPE },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const type = response.headers.get('content-type') ?? '';
    if (!type.startsWith(PAGE_TYPE)) {
      // A proxy that cannot reach the collector answers by itself.
      return response.status >= 500 ? { kind: 'unreachable' } : { kind: 'document' };
    }
    if (response.headers.get('headcount-build') !== ownBuild()) return { kind: 'document' };
    // The type is that of the same build.
    const page = (await response.json()) as Page;
    if (DOCUMENT_PAGES.includes(page.content.page)) return { kind: 'document' };
    return { kind: 'page', page, url: response.url };
  } catch {
    // Also when it was aborted: the caller looks at its signal first.
    return { kind: 'unreachable' };
  }
}

/** The name of the script that runs here: each build has another. */
const ownBuild = (): string => new URL(import.meta.url).pathname.split('/').pop() ?? '';
