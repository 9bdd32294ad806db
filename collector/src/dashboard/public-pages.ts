import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { projectParams } from './project-params.js';
import type { PageRoute } from './page-route.js';
import type { PageMaker } from './page-maker.js';
import { gatherPublic, type PublicPageParts } from './pages/gather-public.js';

interface Parts extends PublicPageParts {
  readonly pages: Pick<PageMaker, 'answer'>;
  readonly route: PageRoute;
}

/** `/public/<project>`: the same for everybody, asked as the public whoever looks. */
export function registerPublicPages(app: App, parts: Parts): void {
  app.get(
    '/public/:project',
    { ...parts.route, schema: { hide: true, params: projectParams } },
    async (request, reply) => {
      const { project } = request.params;
      return parts.pages.answer(
        request,
        reply,
        project,
        async (asked) => {
          // A project that is hidden is like one that does not exist.
          if (parts.projects.visibilityOf(project) === 'none') {
            throw new ProblemError('not_found', 'There is no such page.');
          }
          return gatherPublic(asked, parts);
        },
        { audience: 'public' },
      );
    },
  );
}
