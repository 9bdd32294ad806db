import type { HomeContent, HomeProject } from '../../../web/page/home-content.js';
import type { Level } from '../../access/level.js';
import type { Projects } from '../../access/projects.js';
import { dateOfDay, dayOf } from '../../rules/day.js';
import type { Asked } from '../gather.js';
import type { GrowthAnswer } from '../overview/answers.js';
import { askHeadline, type PublicPageParts } from './gather-public.js';

export interface HomePageParts extends Pick<PublicPageParts, 'askOwn' | 'k'> {
  readonly projects: Pick<Projects, 'list' | 'zoneOf'>;
  /** What the caller is to a project. */
  readonly levelOf: (project: string) => Level;
}

/** A page with more would take long to gather. */
const MAX_LISTED = 100;

/** The projects that the caller may see, each with the figure that its own page begins with. */
export async function gatherHome(
  { ask, asOf }: Pick<Asked, 'ask' | 'asOf'>,
  parts: HomePageParts,
): Promise<HomeContent> {
  const { levelOf, projects } = parts;

  const askPeople = async (project: string): Promise<number | null> => {
    if (levelOf(project) === 'public') {
      return (await askHeadline(project, parts)).at(-1)?.people ?? null;
    }
    const last = dateOfDay(dayOf(Date.parse(asOf), projects.zoneOf(project)) - 1);
    const span = { window: '28d', from: last, to: last };
    const answer = await ask('/v1/stats/growth', { project, ...span });
    // The answer is of this process, and of its schema.
    return answer.ok ? ((answer.body as GrowthAnswer).rows[0]?.active ?? null) : null;
  };

  const seen = projects
    .list()
    .filter(({ project, visibility }) => levelOf(project) !== 'public' || visibility !== 'none')
    .slice(0, MAX_LISTED);
  return {
    page: 'home',
    projects: await Promise.all(
      seen.map(async ({ project, invented }): Promise<HomeProject> => {
        return { project, isInvented: invented, people: await askPeople(project) };
      }),
    ),
  };
}
