import type { Static } from 'typebox';
import type { PublicContent, PublicDay, PublicDetail } from '../../../web/page/public-content.js';
import type { Projects } from '../../access/projects.js';
import { isGrowth } from '../../morning/morning-answers.js';
import type { Ask } from '../../morning/ask-morning.js';
import { askPublicParts } from '../public/ask-public-parts.js';
import { publicDays } from '../public/public-days.js';
import { publicDeclaration } from '../public/public-declaration.js';
import { showsAtLeast } from '../../rules/visibility.js';
import type { Retention } from '../../rules/retention-classes.js';
import type { growthSchema } from '../../stats/growth-route.js';
import { type Asked, RefusedError } from '../gather.js';

export interface PublicPageParts {
  readonly projects: Pick<Projects, 'visibilityOf' | 'manifestOf' | 'toldOf' | 'badgeOf'>;
  /** Asks the collector itself, for the headline of a project that shows no more. */
  readonly askOwn: Ask;
  /** No group of fewer people is told. */
  readonly k: number;
  readonly retention: Retention;
}

type Growth = Static<typeof growthSchema>;

/** Values that are named; the page is no place for a thousand. */
const MOST_NAMED = 8;

/** What everybody sees of a project. The questions must be asked as the public. */
export async function gatherPublic(asked: Asked, parts: PublicPageParts): Promise<PublicContent> {
  const { project } = asked;
  const { projects, k, retention } = parts;
  const isDetailed = showsAtLeast(projects.visibilityOf(project), 'detailed');
  const detail = isDetailed ? await gatherDetail(asked, k) : null;
  const days = detail === null ? await askHeadline(project, parts) : detail.days;
  const manifest = projects.manifestOf(project);
  return {
    page: 'public',
    project,
    headline: days.at(-1) ?? null,
    coverage: projects.toldOf(project).coverage,
    leastShown: k,
    detail,
    declared: manifest === undefined ? null : publicDeclaration(manifest),
    kept: { activityDays: retention.activity, usersDays: retention.users },
    hasBadge: projects.badgeOf(project),
  };
}

async function gatherDetail({ need, view }: Asked, k: number): Promise<PublicDetail> {
  const [growth, versions, systems] = await Promise.all([
    need<Growth>('/v1/stats/growth', { window: '28d', from: view.from, to: view.to }),
    unlessTooMany(askPublicParts(need, 'version', MOST_NAMED)),
    unlessTooMany(askPublicParts(need, 'os', MOST_NAMED)),
  ]);
  return { days: publicDays(growth, k), versions, systems };
}

/** A thousand versions may be too many for the public's counts: the rest of the page stays. */
async function unlessTooMany<Part>(part: Promise<Part>): Promise<Part | null> {
  try {
    return await part;
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.code === 'too_costly') return null;
    throw error;
  }
}

/** The public may not ask by day where a project shows totals alone: only the last complete day is told. */
export async function askHeadline(
  project: string,
  { askOwn, k }: Pick<PublicPageParts, 'askOwn' | 'k'>,
): Promise<PublicDay[]> {
  const query = new URLSearchParams({ project, window: '28d' });
  return publicDays(await askOwn(`/v1/stats/growth?${query.toString()}`, isGrowth), k);
}
