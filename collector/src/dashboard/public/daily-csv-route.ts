import type { Static } from 'typebox';
import type { Guards } from '../../access/guards.js';
import type { Projects } from '../../access/projects.js';
import type { App } from '../../app-types.js';
import { RefusedError } from '../gather.js';
import type { Asker } from '../page-session.js';
import { ProblemError } from '../../errors.js';
import { dateOfDay, dayOf } from '../../rules/day.js';
import { projectParams } from '../project-params.js';
import type { growthSchema } from '../../stats/growth-route.js';
import { toCsv } from '../../stats/to-csv.js';
import { askAsPublic, type PublicAnswers } from './ask-as-public.js';
import { LASTING } from './lasting-answer.js';
import { publicDays } from './public-days.js';
import { toFileName } from '../to-file-name.js';

export interface DailyCsvParts {
  readonly asker: Asker;
  readonly projects: Pick<Projects, 'visibilityOf' | 'zoneOf' | 'toldOf'>;
  /** No group of fewer people is told. */
  readonly k: number;
  readonly guards: Guards;
}

/** How many days are tried: a collector that drops old counts refuses to tell of more. */
const SPANS = [1000, 400, 90];

/** `GET /public/<project>/daily.csv`: people by complete day, at an address that stays. */
export function registerDailyCsvRoute(app: App, parts: DailyCsvParts): void {
  app.get(
    '/public/:project/daily.csv',
    {
      schema: { hide: true, params: projectParams },
      config: { level: 'public', credential: 'none' },
      onRequest: parts.guards,
    },
    async (request, reply) => {
      const { project } = request.params;
      const { projects, k } = parts;
      if (projects.visibilityOf(project) !== 'detailed') {
        throw new ProblemError('not_found', 'There are no days of such a project.');
      }
      const rows = await askAsPublic(parts.asker, request, project, async (answers) =>
        dailyRows(answers, dayOf(Date.parse(answers.asOf), projects.zoneOf(project)), k),
      );
      return reply
        .headers({
          ...LASTING,
          'headcount-timezone': projects.zoneOf(project),
          ...(projects.toldOf(project).invented && { 'headcount-invented': 'true' }),
          'content-disposition': `attachment; filename="${toFileName(project)}-daily.csv"`,
        })
        .type('text/csv; charset=utf-8')
        .send(toCsv(rows, ['date', 'people', 'people_7_days', 'people_28_days']));
    },
  );
}

type Row = readonly [date: string, ...people: (number | null)[]];

/** Each complete day with the people of 1, 7 and 28 days that end with it. */
async function dailyRows({ need }: PublicAnswers, today: number, k: number): Promise<Row[]> {
  const ask = async (days: number): Promise<Row[]> => {
    const span = { from: dateOfDay(today - days + 1), to: dateOfDay(today) };
    const [byDay = [], ...byWindow] = await Promise.all(
      ['1d', '7d', '28d'].map(async (window) =>
        publicDays(
          await need<Static<typeof growthSchema>>('/v1/stats/growth', { window, ...span }),
          k,
        ),
      ),
    );
    const at = byWindow.map((all) => new Map(all.map(({ date, people }) => [date, people])));
    return byDay.map(({ date, people }) => [
      date,
      people,
      ...at.map((counts) => counts.get(date) ?? null),
    ]);
  };
  const [longest = 0, ...shorter] = SPANS;
  return shorter.reduce(
    async (rows, days) =>
      rows.catch((error: unknown) => {
        if (isRefusedSpan(error)) return ask(days);
        throw error;
      }),
    ask(longest),
  );
}

/** Whether days were asked for that are no longer kept. */
const isRefusedSpan = (error: unknown): boolean =>
  error instanceof RefusedError && error.refusal.code === 'bad_parameter';
