import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { OwnRecord, Receipt, YourDataContent } from '../../web/page/your-data-content.js';
import { isFromOwnPage } from '../access/request-origin.js';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { MAX_ID_CHARACTERS, MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import { type Answer, createAskAsCaller, type Refusal } from './ask-as-caller.js';
import type { PageRoute } from './page-route.js';
import type { PageMaker } from './page-maker.js';

interface YourDataParts {
  readonly pages: Pick<PageMaker, 'send'>;
  readonly route: PageRoute;
}

const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }));

const form = Type.Object({
  project: text(MAX_PROJECT_CHARACTERS),
  anonymous_id: text(MAX_ID_CHARACTERS),
  proof: text(200),
  step: Type.Optional(Type.Enum(['show', 'download', 'delete'])),
  confirmed: text(10),
  form_key: text(200),
});

const query = Type.Object({ project: text(MAX_PROJECT_CHARACTERS) });

/** As clients make it. A token is none: what it opens is not a person's own data. */
const PROOF = /^[0-9a-f]{64}$/;

/** Why a step did not succeed, by the problem of the API. A wrong proof and an unknown ID are alike. */
const FAILURES: Partial<Record<string, YourDataContent['failure']>> = {
  unknown_user: 'unknown',
  shared_id: 'unknown',
  rate_limited: 'too-many',
  disk_full: 'not-kept',
  failing: 'not-kept',
};

const UNKNOWN: Refusal = { ok: false, status: 404, code: 'unknown_user', detail: '' };

/**
 * `/your-data`: people see and delete what is kept of them. ID and proof come in the body of a form
 * alone, so that they are in no URL, history or log, and the answers are stored nowhere.
 */
export function registerYourDataRoutes(app: App, { pages, route }: YourDataParts): void {
  const askAsCaller = createAskAsCaller(app);

  const sendPage = (
    request: FastifyRequest,
    reply: FastifyReply,
    content: Partial<YourDataContent>,
    status = 200,
  ): Promise<FastifyReply> =>
    pages.send(request, reply.header('cache-control', 'no-store'), {
      status,
      content: {
        ...{ page: 'your-data', project: '', anonymousId: '', proof: '' },
        ...{ failure: null, record: null, receipt: null },
        ...content,
      },
    });

  app.get(
    '/your-data',
    { ...route, schema: { hide: true, querystring: query } },
    async (request, reply) => sendPage(request, reply, { project: request.query.project ?? '' }),
  );

  app.post(
    '/your-data',
    {
      ...route,
      schema: { hide: true, body: form },
      config: { level: 'public', credential: 'none', takesForms: true },
    },
    async (request, reply) => {
      if (!isFromOwnPage(request)) {
        throw new ProblemError('cross_origin', 'Only the page itself may send this form.');
      }
      const given = trimmed(request.body);
      const { step = 'show', confirmed } = request.body;
      const ask = (method: 'GET' | 'DELETE'): Promise<Answer> | Refusal =>
        PROOF.test(given.proof) && given.anonymousId !== '' && given.project !== ''
          ? askAsCaller(request, { credential: given.proof, method })(
              `/v1/users/${encodeURIComponent(given.anonymousId)}`,
              { project: given.project },
            )
          : UNKNOWN;
      const fail = ({ status, code }: Refusal): Promise<FastifyReply> =>
        sendPage(request, reply, { ...given, failure: FAILURES[code] ?? 'failed' }, status);

      if (step === 'delete' && confirmed === 'yes') {
        const deleted = await ask('DELETE');
        // The answer is of this process, and of its schema.
        return deleted.ok
          ? sendPage(request, reply, { project: given.project, receipt: deleted.body as Receipt })
          : fail(deleted);
      }
      const shown = await ask('GET');
      if (!shown.ok) return fail(shown);
      if (step === 'download') {
        return reply
          .header('cache-control', 'no-store')
          .header('content-disposition', 'attachment; filename="your-data.json"')
          .type('application/json; charset=utf-8')
          .serializer(String)
          .send(`${JSON.stringify(shown.body, null, 2)}\n`);
      }
      return sendPage(request, reply, {
        ...given,
        failure: step === 'delete' ? 'not-confirmed' : null,
        record: shown.body as OwnRecord,
      });
    },
  );
}

const trimmed = ({ project = '', anonymous_id: id = '', proof = '' }: Static<typeof form>) => ({
  project: project.trim(),
  anonymousId: id.trim(),
  proof: proof.trim(),
});
