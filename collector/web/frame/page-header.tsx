import type { VNode } from 'preact';
import { Icon } from '../charts/icon.js';
import { useLanguage } from '../language/language.js';
import { usePage } from '../page/use-page.js';
import { Account } from './account.js';
import { ProjectSwitch } from './project-switch.js';

/** The mark, the project, who is signed in, and the pages. */
export function PageHeader({ current }: { readonly current: string }): VNode {
  const { texts, tag } = useLanguage();
  const { frame, href, pathTo } = usePage();
  const { project } = frame;
  const otherTag = tag === 'en' ? 'zh' : 'en';
  return (
    <header class="wrap">
      <div class="top">
        <a class="mark" href={pathTo('/')} aria-label={texts.frame.mark}>
          <svg aria-hidden="true">
            <use href="#mark" />
          </svg>
          <span>{texts.frame.mark}</span>
        </a>
        {project !== null && <ProjectSwitch project={project} />}
        {frame.isInvented && <span class="tag">{texts.frame.invented}</span>}
        <div class="me">
          <a href={href({ lang: otherTag })} lang={otherTag} hreflang={otherTag}>
            {texts.frame.otherLanguage}
          </a>
          <a
            class="theme"
            href={href({ theme: frame.theme === 'dark' ? 'light' : 'dark' })}
            aria-label={texts.frame.theme}
            title={texts.frame.theme}
          >
            <Icon name="half-moon" />
          </a>
          {(!frame.isPublicPage || frame.callerLevel !== 'public') && (
            <span class="wide">
              <Account />
            </span>
          )}
        </div>
      </div>
      <PageNavigation current={current} />
    </header>
  );
}

function PageNavigation({ current }: { readonly current: string }): VNode | null {
  const { texts } = useLanguage();
  const { frame, hrefOfPage } = usePage();
  if (frame.project === null || frame.pages.length === 0) return null;
  return (
    <nav class="pages" aria-label={texts.frame.navigation}>
      <ul>
        {frame.pages.map((page) => (
          <li key={page}>
            <a href={hrefOfPage(page)} aria-current={page === current ? 'page' : undefined}>
              {texts.frame.pages[page]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
