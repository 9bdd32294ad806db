import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Content } from '../../web/page/content.js';
import { projectInPath } from '../../web/page/project-in-path.js';
import { PROJECT_PAGES, type ProjectPageName } from '../../web/page/project-pages.js';
import { refusal } from '../access/access.js';
import { levelFor } from '../access/caller.js';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { projectParams } from './project-params.js';
import { registerAssetsRoute } from './assets-route.js';
import type { Asked } from './gather.js';
import { createChangeAsCaller } from './ask-as-caller.js';
import { openRenderer } from './open-renderer.js';
import { createPageMaker, isOpen, type PageMakerParts } from './page-maker.js';
import { NOT_FOUND } from './problem-of.js';
import { PROJECT_PAGE_PARTS } from './project-pages.js';
import type { PageRoute } from './page-route.js';
import { createRefusedPage } from './refused-page.js';
import { registerSettingsRoutes } from './settings/settings-routes.js';
import type { Guards } from '../access/guards.js';
import { registerBadgeRoutes } from './public/badge-routes.js';
import { registerDailyCsvRoute } from './public/daily-csv-route.js';
import { registerEmbedRoutes } from './public/embed-routes.js';
import { registerPublicPages } from './public-pages.js';
import { gatherHome, type HomePageParts } from './pages/gather-home.js';
import type { PublicPageParts } from './pages/gather-public.js';
import { registerSignInRoutes, type SignInParts } from './sign-in-routes.js';
import { registerYourDataRoutes } from './your-data-routes.js';
import { readWebFiles } from './web-files.js';

export interface DashboardParts
  extends
    Omit<PageMakerParts, 'readFiles' | 'openRenderer'>,
    Omit<SignInParts, 'pages' | 'route'>,
    Omit<PublicPageParts, 'projects'> {
  readonly projects: PageMakerParts['projects'] &
    PublicPageParts['projects'] &
    HomePageParts['projects'];
  /** For what everybody sees alike. */
  readonly guards: Guards;
  /** For pages. */
  readonly pageGuards: Guards;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
}

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** What the dashboard answers browsers where programs get JSON. */
export interface Dashboard {
  /** Answers `/` with the projects. */
  readonly answerHome: Answer;
  /** Answers that there is nothing at a path. */
  readonly answerNotFound: Answer;
}

const pageParams = Type.Object({
  ...projectParams.properties,
  page: Type.String({ maxLength: 40 }),
});

/** The pages of the dashboard. */
export function registerDashboard(app: App, parts: DashboardParts): Dashboard {
  const { access, projects } = parts;
  const readFiles = once(readWebFiles);
  registerAssetsRoute(app, readFiles);
  const loadRenderer = once(openRenderer);
  const pages = createPageMaker({ ...parts, readFiles, openRenderer: loadRenderer });
  // Pages decide by themselves what they show to whom, and are in no document of the API.
  const route: PageRoute = {
    ...{ config: { level: 'public' }, onRequest: parts.pageGuards },
    errorHandler: createRefusedPage(pages),
  };
  const made = { ...parts, pages, route };
  registerSignInRoutes(app, made);
  registerYourDataRoutes(app, made);
  registerPublicPages(app, made);
  registerEmbedRoutes(app, { ...parts, openRenderer: loadRenderer });
  registerDailyCsvRoute(app, parts);
  registerBadgeRoutes(app, { ...parts, ask: parts.askOwn });

  /** @throws the refusal of a caller who may not see a page of a project. */
  const requireOpen = (request: FastifyRequest, project: string, page: ProjectPageName): void => {
    const caller = access.callerOf(request);
    if (isOpen(page, levelFor(caller, project))) return;
    throw refusal(caller, PROJECT_PAGE_PARTS[page]?.level ?? 'administrator', project);
  };

  const answerPage = async (
    request: FastifyRequest,
    reply: FastifyReply,
    project: string,
    name: string,
  ): Promise<FastifyReply> => {
    const page = PROJECT_PAGES.find((one): one is ProjectPageName => one === name);
    const part = page === undefined ? undefined : PROJECT_PAGE_PARTS[page];
    const gather = async (asked: Asked): Promise<Content> => {
      if (page === undefined || part === undefined) throw nothing();
      requireOpen(request, project, page);
      if (projects.find(project) === undefined) throw nothing();
      return part.gather(asked);
    };
    const { needsCounts = true } = part ?? {};
    return pages.answer(request, reply, project, gather, { needsCounts });
  };

  registerSettingsRoutes(app, {
    ...{ ...made, change: createChangeAsCaller(app) },
    requireSettings: (request, project) => requireOpen(request, project, 'settings'),
    answerPage: async (request, reply, project) => answerPage(request, reply, project, 'settings'),
  });
  /** Whether a request is the public's; a token that is not valid is told so by the page. */
  const isStranger = (request: FastifyRequest, project: string): boolean => {
    try {
      return levelFor(access.callerOf(request), project) === 'public';
    } catch (error) {
      if (error instanceof ProblemError) return false;
      throw error;
    }
  };

  app.get(
    '/p/:project',
    { schema: { hide: true, params: projectParams }, ...route },
    async (request, reply) => {
      const { project } = request.params;
      if (isStranger(request, project) && projects.visibilityOf(project) !== 'none') {
        // With the view: whoever signs in there comes back to it.
        const [, query] = request.url.split('?', 2);
        const path = `${parts.basePath}/public/${projectInPath(project)}`;
        return reply.redirect(query === undefined ? path : `${path}?${query}`, 302);
      }
      return answerPage(request, reply, project, 'overview');
    },
  );
  app.get(
    '/p/:project/:page',
    { schema: { hide: true, params: pageParams }, ...route },
    async (request, reply) => {
      const { project, page } = request.params;
      return answerPage(request, reply, project, page);
    },
  );

  const answerHome: Answer = async (request, reply) =>
    pages.answer(request, reply, null, async (asked) => {
      const caller = access.callerOf(request);
      if (projects.list().length === 0 && levelFor(caller, null) === 'administrator') {
        const { ok } = await asked.ask('/health');
        return { page: 'first-run', project: null, isHealthy: ok };
      }
      return gatherHome(asked, { ...parts, levelOf: (project) => levelFor(caller, project) });
    });
  return {
    answerHome,
    answerNotFound: async (request, reply) => pages.send(request, reply, NOT_FOUND),
  };
}

const nothing = (): ProblemError => new ProblemError('not_found', 'There is no such page.');

/** Calls something once, and again only after it has failed. */
function once<Result>(call: () => Promise<Result>): () => Promise<Result> {
  let called: Promise<Result> | undefined;
  return () => {
    called ??= call().catch((error: unknown) => {
      called = undefined;
      throw error;
    });
    return called;
  };
}
