import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { LANGUAGES } from '../../../web/language/language-tags.js';
import { type Embed, type EmbedName, EMBEDS } from '../../../web/page/embed.js';
import type { Guards } from '../../access/guards.js';
import type { Projects } from '../../access/projects.js';
import type { App } from '../../app-types.js';
import type { Renderer } from '../open-renderer.js';
import type { Asker } from '../page-session.js';
import { ProblemError } from '../../errors.js';
import { dateOfDay, dayOf } from '../../rules/day.js';
import { projectParam } from '../project-params.js';
import type { growthSchema } from '../../stats/growth-route.js';
import { askAsPublic, type PublicAnswers } from './ask-as-public.js';
import { askPublicParts } from './ask-public-parts.js';
import { keepForAnHour } from './keep-for-an-hour.js';
import { LASTING, LASTING_HEADERS } from './lasting-answer.js';
import { publicDays } from './public-days.js';

export interface EmbedParts {
  readonly asker: Asker;
  readonly projects: Pick<Projects, 'visibilityOf' | 'toldOf' | 'zoneOf'>;
  /** No group of fewer people is told. */
  readonly k: number;
  readonly guards: Guards;
  readonly openRenderer: () => Promise<Renderer>;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
}

/** Charts that are kept; one beyond them is drawn anew. */
const MAX_KEPT = 200;

/** Values that have a row; others are in `other`, or left out. */
const MOST_ROWS = 6;

const DEFAULT_DAYS = 90;

const querystring = Type.Object(
  {
    project: projectParam,
    lang: Type.Optional(
      Type.Enum([...LANGUAGES], { description: 'The language of its words; `en` without it' }),
    ),
    days: Type.Optional(
      Type.String({
        pattern: '^([7-9]|[1-9]\\d|[1-3]\\d\\d|400)$',
        description: `Of the line of active people: 7 to 400 days; ${DEFAULT_DAYS} without it`,
      }),
    ),
  },
  { additionalProperties: false },
);

type Query = Static<typeof querystring>;

const SUMMARIES: Readonly<Record<EmbedName, string>> = {
  active: 'A chart of the people active in 28 days, for pages of others',
  versions: 'A chart of the versions in use, for pages of others',
  systems: 'A chart of the systems in use, for pages of others',
};

/** `GET /v1/charts/<name>.svg`: what the public sees, as charts that pages of others show. */
export function registerEmbedRoutes(app: App, parts: EmbedParts): void {
  const keep = keepForAnHour<string>(MAX_KEPT, parts.monotonicMs);
  let policy: string | undefined;

  const drawn = async (
    request: FastifyRequest,
    chart: EmbedName,
    { project, lang = 'en', days }: Query,
  ): Promise<string> => {
    const key = JSON.stringify([chart, lang, days, project]);
    return keep(key, async () => {
      const renderer = await parts.openRenderer();
      return renderer.renderEmbed(
        await askAsPublic(parts.asker, request, project, async (answers) => ({
          ...{ project, language: lang, leastShown: parts.k },
          isInvented: parts.projects.toldOf(project).invented,
          ...(await askChart(chart, answers, Number(days ?? DEFAULT_DAYS), project)),
        })),
      );
    });
  };

  const askChart = async (
    chart: EmbedName,
    { need, asOf }: PublicAnswers,
    days: number,
    project: string,
  ): Promise<ChartPart> => {
    if (chart !== 'active') {
      const dimension = chart === 'versions' ? 'version' : 'os';
      return { chart, parts: await askPublicParts(need, dimension, MOST_ROWS) };
    }
    const today = dayOf(Date.parse(asOf), parts.projects.zoneOf(project));
    const span = { from: dateOfDay(today - days), to: dateOfDay(today) };
    const growth = await need<Static<typeof growthSchema>>('/v1/stats/growth', {
      ...{ window: '28d', ...span },
    });
    return { chart, days: publicDays(growth, parts.k) };
  };

  for (const chart of EMBEDS) {
    app.get(
      `/v1/charts/${chart}.svg`,
      {
        config: {
          level: 'public',
          credential: 'none',
          problems: ['not_found', 'too_costly', 'rate_limited', 'busy', 'failing'],
          headers: LASTING_HEADERS,
        },
        onRequest: parts.guards,
        schema: {
          summary: SUMMARIES[chart],
          description:
            'Of complete days, and without groups that are too small, as the public sees them. Only ' +
            'of a project with the visibility `detailed`.',
          tags: ['public'],
          querystring,
          response: {
            200: {
              description: 'The chart: light or dark by the reader’s wish, without script',
              content: { 'image/svg+xml': { schema: Type.String() } },
            },
          },
        },
      },
      async (request, reply) => {
        const { query } = request;
        // Now, so that the charts of a project that was hidden are gone at once.
        if (parts.projects.visibilityOf(query.project) !== 'detailed') {
          throw new ProblemError('not_found', 'There are no charts of such a project.');
        }
        const svg = await drawn(request, chart, query);
        policy ??= policyFor((await parts.openRenderer()).EMBED_STYLE);
        return reply
          .headers({ ...LASTING, 'content-security-policy': policy })
          .type('image/svg+xml; charset=utf-8')
          .serializer(String)
          .send(svg);
      },
    );
  }
}

type ChartPart =
  | Pick<Extract<Embed, { chart: 'active' }>, 'chart' | 'days'>
  | Pick<Extract<Embed, { chart: 'versions' | 'systems' }>, 'chart' | 'parts'>;

/** Such a chart may have its own style, and load or run nothing. */
function policyFor(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'`;
}
