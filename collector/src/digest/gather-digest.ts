import { joinSmall } from '../access/join-small.js';
import { hasCode } from '../has-code.js';
import { isRecord } from '../is-record.js';
import { type Ask, askMorning } from '../morning/ask-morning.js';
import { DAY_MS, dateOfDay } from '../rules/day.js';
import { RESTRICTED_K } from '../stats/seen-groups.js';
import {
  type DigestContent,
  type DigestProject,
  digestText,
  type VersionUse,
} from './digest-text.js';

/** What a digest is made of. */
export interface DigestSources {
  /** All projects, those with most people first. */
  readonly projects: readonly string[];
  readonly ask: Ask;
  readonly conditions: DigestContent['conditions'];
  /** Called before each project. */
  readonly onProgress?: (project: string) => void;
}

/** Projects that a digest shows at most. */
const MAX_PROJECTS = 20;

/** Versions of a project that it shows at most. */
const MAX_VERSIONS = 6;

/** Answers that stay the same however often they are asked for. */
const PROBLEMS_OF_PROJECT = ['too_costly', 'bad_parameter'];

/** Days that versions are counted in. */
const WEEK = 7;

/**
 * Asks for everything that a digest tells, and writes it.
 *
 * @throws What `ask` throws.
 */
export async function gatherDigest(sources: DigestSources): Promise<{
  readonly subject: string;
  readonly text: string;
}> {
  const { projects, ask, conditions, onProgress } = sources;
  const shown: DigestProject[] = [];
  const troubles = [...conditions];
  for (const project of projects.slice(0, MAX_PROJECTS)) {
    onProgress?.(project);
    try {
      const morning = await askMorning(project, ask);
      if (morning === undefined) continue;
      shown.push({ project, morning, versions: await askVersions(project, morning.date, ask) });
    } catch (error) {
      // Such as one whose days are dropped already: the others need not miss their digest for it.
      if (!(error instanceof Error && hasCode(error, ...PROBLEMS_OF_PROJECT))) throw error;
      troubles.push({ name: project, reason: `Its figures cannot be shown: ${error.message}` });
    }
  }
  const odd = troubles.length + shown.reduce((n, one) => n + one.morning.warnings.length, 0);
  return {
    subject: `Headcount, the week up to ${shown[0]?.morning.date ?? 'today'}${toNote(odd)}`,
    text: digestText({
      ...{ projects: shown, conditions: troubles },
      projectsLeftOut: projects.length - shown.length,
    }),
  };
}

const toNote = (odd: number): string =>
  odd === 0 ? '' : odd === 1 ? ': 1 thing to look at' : `: ${odd} things to look at`;

async function askVersions(
  project: string,
  date: string,
  ask: Ask,
): Promise<readonly VersionUse[]> {
  const weekOf = async (to: string): Promise<readonly VersionCount[]> => {
    const query = { project, dimension: 'version', window: `${WEEK}d`, to, limit: '1000' };
    const path = `/v1/stats/breakdown?${new URLSearchParams(query).toString()}`;
    const { total, rows } = await ask(path, isBreakdown);
    // An administrator who prints it sees small groups. A digest tells the same to everybody.
    const groups = rows.map(({ value, count }) => ({ group: value, values: [count] }));
    return joinSmall(groups, [total], RESTRICTED_K).map(({ group, values: [count] }) => ({
      version: group,
      people: count ?? 0,
    }));
  };
  const weekBefore = dateOfDay(Math.floor(Date.parse(date) / DAY_MS) - WEEK);
  const [now, before] = await Promise.all([weekOf(date), weekOf(weekBefore)]);
  const known = new Map(before.map(({ version, people }) => [version, people]));
  return now.slice(0, MAX_VERSIONS).map((row) => ({ ...row, before: known.get(row.version) ?? 0 }));
}

type VersionCount = Pick<VersionUse, 'version' | 'people'>;

interface Breakdown {
  readonly total: number;
  readonly rows: readonly { readonly value: string; readonly count: number }[];
}

const isBreakdown = (body: unknown): body is Breakdown =>
  isRecord(body) &&
  typeof body['total'] === 'number' &&
  Array.isArray(body['rows']) &&
  body['rows'].every(
    (row) => isRecord(row) && typeof row['value'] === 'string' && typeof row['count'] === 'number',
  );
