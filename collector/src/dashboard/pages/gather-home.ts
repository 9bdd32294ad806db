import type { HomeContent, HomeFigure, HomeProject } from '../../../web/page/home-content.js';
import type { Level } from '../../access/level.js';
import type { Projects } from '../../access/projects.js';
import { dateOfDay, dayOf } from '../../rules/day.js';
import type { Asked } from '../gather.js';
import type { GrowthAnswer, SilenceAnswer } from '../overview/answers.js';
import { askHeadline, type PublicPageParts } from './gather-public.js';

export interface HomePageParts extends Pick<PublicPageParts, 'askOwn' | 'k'> {
  readonly projects: Pick<Projects, 'list' | 'zoneOf'>;
  /** What the caller is to a project. */
  readonly levelOf: (project: string) => Level;
}

/** With what a window is compared. */
const WEEK_DAYS = 7;

type Figures = Pick<HomeProject, 'month' | 'week' | 'today' | 'lastReportAt'>;

/** A page with more would take long to gather. */
const MAX_LISTED = 100;

/** The projects that the caller may see, each with the figures that its own page begins with. */
export async function gatherHome(
  { ask, asOf }: Pick<Asked, 'ask' | 'asOf'>,
  parts: HomePageParts,
): Promise<HomeContent> {
  const { levelOf, projects } = parts;

  /** The body of an answer is of this process, and of its schema. */
  const want = async <Body>(path: string, query: Record<string, string>) => {
    const answer = await ask(`/v1/stats/${path}`, query);
    return answer.ok ? (answer.body as Body) : undefined;
  };

  const askFigures = async (project: string): Promise<Figures> => {
    if (levelOf(project) === 'public') {
      const people = (await askHeadline(project, parts)).at(-1)?.people ?? null;
      const month = people === null ? null : { people, change: null };
      return { month, week: null, today: null, lastReportAt: null };
    }
    const today = dayOf(Date.parse(asOf), projects.zoneOf(project));
    const growth = async (window: string, from: number, to: number) =>
      want<GrowthAnswer>('growth', {
        ...{ project, window, from: dateOfDay(from), to: dateOfDay(to) },
      });
    const [month, week, day, silence] = await Promise.all([
      growth('28d', today - 1 - WEEK_DAYS, today - 1),
      growth('7d', today - 1 - WEEK_DAYS, today - 1),
      growth('1d', today, today),
      want<SilenceAnswer>('silence', { project }),
    ]);
    return {
      month: toFigure(month),
      week: toFigure(week),
      today: day?.rows.at(-1)?.active ?? null,
      lastReportAt: silence?.rows.find(({ kind }) => kind === 'project')?.last_counted_at ?? null,
    };
  };

  const seen = projects
    .list()
    .filter(({ project, visibility }) => levelOf(project) !== 'public' || visibility !== 'none')
    .slice(0, MAX_LISTED);
  return {
    page: 'home',
    projects: await Promise.all(
      seen.map(async ({ project, invented }): Promise<HomeProject> => {
        const isPublic = levelOf(project) === 'public';
        return { project, isInvented: invented, isPublic, ...(await askFigures(project)) };
      }),
    ),
  };
}

/** The last window, against that of a week before. */
function toFigure(growth: GrowthAnswer | undefined): HomeFigure | null {
  const people = growth?.rows.at(-1)?.active;
  if (people === undefined) return null;
  const before = growth?.rows[0]?.active ?? 0;
  return { people, change: before === 0 ? null : people / before - 1 };
}
