import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { projectParams } from './project-params.js';
import type { PageMaker } from './page-maker.js';
import { gatherPublic, type PublicPageParts } from './pages/gather-public.js';

interface Parts extends PublicPageParts {
  readonly pages: Pick<PageMaker, 'answer'>;
}

/** `/public/<project>`: the same for everybody, asked as the public whoever looks. */
export function registerPublicPages(app: App, parts: Parts): void {
  app.get(
    '/public/:project',
    { schema: { hide: true, params: projectParams }, config: { level: 'public' } },
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
