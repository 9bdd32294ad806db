import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Frame } from './page.js';
import { projectInPath } from './project-in-path.js';

/** The frame of the page, and the URLs of other views of it. */
export interface PageContextValue {
  readonly frame: Frame;
  /**
   * The URL of this page with some parameters changed: `undefined` removes one.
   *
   * @example href({ range: '28d', from: undefined })
   */
  readonly href: (changes: Readonly<Record<string, string | undefined>>) => string;
  /** The URL of signing in, from where one comes back to this view. */
  readonly signInHref: string;
  /** The URL of a path below the base path, in the view (range, compare) of this page. */
  readonly pathTo: (path: string) => string;
  /** The URL of another page of the project. */
  readonly hrefOfPage: (page: string) => string;
}

/** The parameters that go along from page to page. */
const KEPT = ['range', 'from', 'to', 'compare', 'interval', 'zone'] as const;

export function pageContext(frame: Frame): PageContextValue {
  const { basePath, path, query } = frame;
  const kept = Object.fromEntries(
    KEPT.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])),
  );
  return {
    frame,
    href: (changes) => basePath + withQuery(path, { ...query, ...changes }),
    signInHref: `${basePath}/sign-in?next=${encodeURIComponent(viewAfterSignIn(frame))}`,
    pathTo: (to) => basePath + to,
    hrefOfPage: (page) => {
      const project = `/p/${projectInPath(frame.project ?? '')}`;
      return basePath + withQuery(page === 'overview' ? project : `${project}/${page}`, kept);
    },
  };
}

/** The view of a page; for the public page that of the morning, which a token opens. */
function viewAfterSignIn({ isPublicPage, project, path, query }: Frame): string {
  if (path === '/sign-in') return query['next'] ?? '/';
  const isOfPublic = isPublicPage && project !== null;
  return withQuery(isOfPublic ? `/p/${projectInPath(project)}` : path, query);
}

function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

export const PageContext = createContext<PageContextValue | undefined>(undefined);

/** The page that a component is drawn in. */
export function usePage(): PageContextValue {
  const page = useContext(PageContext);
  if (page === undefined)
    throw new Error('A component that uses the page is drawn outside of one.');
  return page;
}
