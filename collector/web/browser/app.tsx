import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { PageView } from '../frame/page-view.js';
import { Unreachable } from '../frame/unreachable.js';
import { LanguageContext, languageOf } from '../language/language.js';
import type { Page } from '../page/page.js';
import { pageTitle } from '../pages/page-title.js';
import { fetchPage } from './fetch-page.js';
import { isPlainClick, linkOf } from './links.js';
import { onLook } from './look.js';
import { watchCollector } from './watch-collector.js';
import { watchReports } from './watch-reports.js';

/** How long after a failed look the next one follows, in milliseconds. */
const RETRY_MS = 5000;

/** A wait that is shorter than this shows no sign, in milliseconds. */
const PATIENCE_MS = 300;

/** The page in the browser: it follows links without loading a document, and stays up to date. */
export function App({ first }: { readonly first: Page }): VNode {
  const [page, setPage] = useState(first);
  const [isUnreachable, setUnreachable] = useState(false);
  const going = useRef<AbortController | null>(null);
  /** Where the visitor wanted to go when the collector did not answer. */
  const wanted = useRef<{ readonly url: string; readonly how: 'go' | 'back' } | null>(null);

  const load = async (url: string, how: 'go' | 'back' | 'look'): Promise<void> => {
    // A look for news gives way to a visitor who goes somewhere.
    if (how === 'look' && going.current !== null) return;
    going.current?.abort();
    const controller = new AbortController();
    going.current = controller;
    const wait =
      how === 'look'
        ? undefined
        : setTimeout(() => document.body.classList.add('loading'), PATIENCE_MS);
    const result = await fetchPage(url, controller.signal);
    clearTimeout(wait);
    if (controller.signal.aborted) return;
    going.current = null;
    document.body.classList.remove('loading');
    if (result.kind === 'document') {
      if (how !== 'look') location.assign(url);
      return;
    }
    if (result.kind === 'unreachable') {
      if (how !== 'look') wanted.current = { url, how };
      setUnreachable(true);
      return;
    }
    const missed = wanted.current;
    wanted.current = null;
    if (how === 'look' && missed !== null) {
      // A look for news was the first to be answered.
      void load(missed.url, missed.how);
      return;
    }
    setUnreachable(false);
    // The answer's URL is without it.
    const { hash } = new URL(url);
    if (how === 'go') history.pushState(null, '', result.url + hash);
    show(result.page, how);
    if (how === 'go' && hash !== '') requestAnimationFrame(() => scrollToPart(hash.slice(1)));
  };

  const show = (next: Page, how: 'go' | 'back' | 'look'): void => {
    setPage(next);
    const { theme, language } = next.frame;
    document.title = pageTitle(next, languageOf(language));
    document.documentElement.lang = languageOf(language).locale;
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    if (how !== 'go') return;
    if (next.frame.path === page.frame.path) return;
    scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  };

  useEffect(() => {
    const onClick = (event: MouseEvent): void => {
      const link = linkOf(event);
      if (link === undefined || !isPlainClick(event)) return;
      event.preventDefault();
      void load(link, 'go');
    };
    const onBack = (): void => void load(location.href, 'back');
    document.addEventListener('click', onClick);
    addEventListener('popstate', onBack);
    return () => {
      document.removeEventListener('click', onClick);
      removeEventListener('popstate', onBack);
    };
  });

  const { project } = page.frame;
  const url = page.frame.basePath + page.frame.path;
  useEffect(
    () => watchReports(page, () => void load(location.href, 'look')),
    [url, project, page.content.page],
  );

  useEffect(() => onLook(() => void load(location.href, 'look')));

  const lookAgain = (): void => void load(location.href, 'look');
  const askAgain = (): void => {
    // An answer is on its way: asked anew, a slow one would never come.
    if (going.current !== null) return;
    const { url: to, how } = wanted.current ?? { url: location.href, how: 'look' };
    void load(to, how);
  };

  useEffect(() => {
    const { basePath } = page.frame;
    return watchCollector(basePath, { onGone: () => setUnreachable(true), onOld: lookAgain });
  }, []);

  useEffect(() => {
    document.body.classList.toggle('unreachable', isUnreachable);
    if (!isUnreachable) return undefined;
    const timer = setInterval(askAgain, RETRY_MS);
    return () => clearInterval(timer);
  }, [isUnreachable]);

  return (
    <>
      {isUnreachable && (
        <LanguageContext.Provider value={languageOf(page.frame.language)}>
          <Unreachable madeAt={page.frame.madeAt} onRetry={askAgain} />
        </LanguageContext.Provider>
      )}
      <PageView page={page} />
    </>
  );
}

/** As the browser does for a document: the part is drawn by now. */
const scrollToPart = (id: string): void => document.getElementById(id)?.scrollIntoView();
