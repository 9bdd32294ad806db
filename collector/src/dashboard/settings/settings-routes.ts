import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { isSettingsAct, SETTINGS_ACTS, type SettingsAct } from '../../../web/page/settings-acts.js';
import { projectInPath } from '../../../web/page/project-in-path.js';
import type { MadeSecret, SettingsFailure } from '../../../web/page/settings-content.js';
import type { newTokenSchema } from '../../access/tokens-routes.js';
import type { ProjectView, Projects } from '../../access/projects.js';
import type { writeKeySchema } from '../../access/projects-routes.js';
import type { App } from '../../app-types.js';
import type { dryRunSchema } from '../../clean/cleaning-view.js';
import { ProblemError } from '../../errors.js';
import { isRecord } from '../../is-record.js';
import { projectParams } from '../project-params.js';
import type { ChangeAsCaller, Refusal } from '../ask-as-caller.js';
import { type Asked, RefusedError } from '../gather.js';
import type { PageMaker } from '../page-maker.js';
import { gatherSettings, type SettingsOutcome, toPreview } from '../pages/gather-settings.js';
import { ACT_RULES } from './act-rules.js';
import { type Form, FormError } from './form-error.js';
import { createShownOnce } from './shown-once.js';
import type { PageRoute } from '../page-route.js';

export interface SettingsParts {
  readonly pages: Pick<PageMaker, 'answer'>;
  readonly projects: Pick<Projects, 'find'>;
  readonly change: ChangeAsCaller;
  readonly basePath: string;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
  readonly route: PageRoute;
  /** Answers with the page as it is without a form. */
  readonly answerPage: (
    request: FastifyRequest,
    reply: FastifyReply,
    project: string,
  ) => Promise<FastifyReply>;
  /** @throws the refusal of a caller who may not see the settings of a project. */
  readonly requireSettings: (request: FastifyRequest, project: string) => void;
}

/** Refusals of callers who may not, or no longer, change anything: the page says so as a whole. */
const OF_CALLER: readonly string[] = [
  ...['token_required', 'bad_token', 'wrong_level', 'cross_origin', 'form_key_required'],
];

/** Fields of every form, which say nothing of what somebody has typed. */
const OF_FORM: readonly string[] = ['form_key', 'act', 'understood'];

/** What is shown once, and the project whose page shows it. */
interface OnlyOnce {
  readonly project: string;
  readonly done: SettingsAct;
  readonly secret: MadeSecret | null;
}

type Outcome = SettingsOutcome & { readonly status: number };

/** The forms of the settings: each becomes one request to the API, in the name of its sender. */
export function registerSettingsRoutes(app: App, parts: SettingsParts): void {
  const { pages, projects, basePath } = parts;

  const run = async (
    request: FastifyRequest,
    act: SettingsAct,
    form: Form,
    project: ProjectView,
  ): Promise<Outcome> => {
    const { form_key: formKey, understood = '' } = form;
    const typed = Object.fromEntries(
      Object.entries(form).filter(([name]) => !OF_FORM.includes(name)),
    );
    const rule = ACT_RULES[act];
    const fail = (failure: Pick<SettingsFailure, 'field' | 'code' | 'detail' | 'at'>) => ({
      failure: { act, typed, ...failure },
    });
    try {
      const { isDangerous = false } = rule;
      const change = rule.change(form, project);
      const isGrave = typeof isDangerous === 'boolean' ? isDangerous : isDangerous(form, project);
      if (isGrave && understood !== 'true') {
        throw new FormError('understood', 'not_understood', 'Say that you understand it.');
      }
      const answer = await parts.change(request, change, formKey);
      if (answer.ok) return { status: 200, done: act, ...madeBy(act, answer.body, typed) };
      if (OF_CALLER.includes(answer.code)) throw new RefusedError(answer);
      const { status, code, detail } = answer;
      return { status, ...fail({ code, detail, ...placeOf(answer, rule.fields) }) };
    } catch (error) {
      if (!(error instanceof FormError)) throw error;
      const { field, code, message: detail } = error;
      return { status: 422, ...fail({ field, code, detail, at: '' }) };
    }
  };

  const once = createShownOnce<OnlyOnce>(parts.monotonicMs);
  const cookiePathOf = (project: string): string =>
    `${basePath}/p/${projectInPath(project)}/settings`;

  app.get(
    '/p/:project/settings',
    { ...parts.route, schema: { hide: true, params: projectParams } },
    async (request, reply) => {
      const { project } = request.params;
      // Asking for the head alone shows nothing.
      const kept =
        request.method === 'GET' ? once.take(request, reply, cookiePathOf(project)) : undefined;
      if (kept?.project !== project) return parts.answerPage(request, reply, project);
      const { done, secret } = kept;
      return answerWith(request, reply, project, async (asked) =>
        gatherSettings(asked, { done, secret }),
      );
    },
  );

  app.post(
    '/p/:project/settings',
    {
      ...parts.route,
      schema: { hide: true, params: projectParams },
      config: { level: 'public', takesForms: true },
    },
    async (request, reply) => {
      const { project: name } = request.params;
      const form = readForm(request.body);
      const { act } = form;
      let outcome: Outcome | undefined;
      let failed: unknown;
      try {
        parts.requireSettings(request, name);
        const project = projects.find(name);
        if (project === undefined || !isSettingsAct(act)) {
          throw new ProblemError('not_found', 'There is no such form.');
        }
        outcome = await run(request, act, form, project);
        if (act === 'cleaning-take' && outcome.failure?.code === 'not_understood') {
          // What would be taken out stays in sight.
          const { preview = null } = await run(request, 'cleaning-preview', form, project);
          outcome = { ...outcome, preview };
        }
      } catch (error) {
        failed = error;
      }
      if (outcome === undefined) {
        return answerWith(request, reply, name, () => {
          throw failed;
        });
      }
      const { done = null, secret = null, preview } = outcome;
      if (done !== null && preview === undefined) {
        once.keep(reply, cookiePathOf(name), { project: name, done, secret });
        return reply.redirect(`${basePath}${urlAfter(request, done)}`, 303);
      }
      const made = outcome;
      return answerWith(
        request,
        reply,
        name,
        async (asked) => gatherSettings(asked, made),
        outcome.status,
      );
    },
  );

  const answerWith = (
    request: FastifyRequest,
    reply: FastifyReply,
    project: string,
    make: (asked: Asked) => ReturnType<typeof gatherSettings>,
    status = 200,
  ): Promise<FastifyReply> =>
    // It may hold a secret, or what somebody has typed.
    pages.answer(request, reply.header('cache-control', 'no-store'), project, make, { status });
}

const readForm = (body: unknown): Form =>
  isRecord(body)
    ? Object.fromEntries(
        Object.entries(body).filter((pair): pair is [string, string] => {
          return typeof pair[1] === 'string';
        }),
      )
    : {};

/**
 * Where the page shows what was done. The URL does not say so, for anybody can write a link, and does
 * not name what is gone.
 */
function urlAfter({ url }: FastifyRequest, done: SettingsAct): string {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  const { leaves } = ACT_RULES[done];
  if (leaves !== undefined) parameters.delete(leaves);
  const rest = parameters.size === 0 ? '' : `?${parameters.toString()}`;
  return `${path}${rest}#${SETTINGS_ACTS[done]}`;
}

/** The field of a form that a refusal is about. */
function placeOf(
  { path }: Refusal,
  fields: readonly (readonly [pointer: string, field: string])[] = [],
): Pick<SettingsFailure, 'field' | 'at'> {
  if (path === undefined) return { field: null, at: '' };
  const found = fields.find(([pointer]) => path === pointer || path.startsWith(`${pointer}/`));
  return { field: found?.[1] ?? null, at: found === undefined ? '' : path.slice(found[0].length) };
}

/** What an answer has besides that it is done. The types are those of the routes' schemas. */
function madeBy(act: SettingsAct, body: unknown, typed: Form): Partial<SettingsOutcome> {
  if (act === 'token-make' || act === 'token-rotate') {
    const { token, name, id } = body as Static<typeof newTokenSchema>;
    return { secret: { kind: 'token', text: token, name: name === '' ? id : name } };
  }
  if (act === 'write-key-make') {
    const { write_key: text } = body as Static<typeof writeKeySchema>;
    return { secret: { kind: 'write-key', text, name: '' } };
  }
  if (act === 'cleaning-preview') {
    return { preview: toPreview(body as Static<typeof dryRunSchema>, typed) };
  }
  return {};
}
