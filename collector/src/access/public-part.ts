import { showsAtLeast, type Visibility } from '../rules/visibility.js';

/** What the public sees of a question's answers. */
export interface PublicQuestion {
  readonly paths: readonly string[];
  /**
   * The least visibility with which the public sees each member of the answer; `*` stands for those
   * that are not named.
   */
  readonly fields: Readonly<Record<string, Visibility>>;
}

/**
 * What the public sees, by visibility, path and member. A question that is not named needs a token.
 * docs/collector/access.md prints this table.
 */
export const PUBLIC_QUESTIONS: readonly PublicQuestion[] = [
  {
    paths: ['/v1/stats/summary', '/stats', '/v1/stats/live'],
    fields: {
      total_users: 'summary',
      daily_active_users: 'summary',
      weekly_active_users: 'summary',
      monthly_active_users: 'summary',
      band: 'summary',
      last_updated: 'summary',
      total_reports: 'summary',
      reports_lost: 'summary',
      ci_users: 'summary',
      unusual: 'summary',
      timezone: 'summary',
      as_of: 'summary',
      os_distribution: 'detailed',
      version_distribution: 'detailed',
      merged: 'detailed',
      coverage: 'summary',
      invented: 'summary',
    },
  },
  { paths: ['/v1/stats/timeseries'], fields: { '*': 'detailed' } },
  { paths: ['/v1/stats/breakdown'], fields: { '*': 'detailed' } },
  { paths: ['/v1/stats/adoption'], fields: { '*': 'detailed' } },
  { paths: ['/v1/stats/growth'], fields: { '*': 'detailed' } },
  { paths: ['/v1/stats/annotations'], fields: { '*': 'detailed' } },
];

/** Whether the public sees anything of a path's answers. */
export function isPublic(path: string, visibility: Visibility): boolean {
  if (visibility === 'none') return false;
  return Object.values(fieldsOf(path)).some((needed) => showsAtLeast(visibility, needed));
}

/** The part of an answer that the public sees: objects and lists beyond it are empty. */
export function publicPart<Answer extends object>(
  path: string,
  visibility: Visibility,
  answer: Answer,
): Answer {
  const fields = fieldsOf(path);
  const members = Object.entries(answer).map(([name, value]: [string, unknown]) => {
    // A member that the table does not know stays hidden.
    const needed = fields[name] ?? fields['*'];
    const isShown = needed !== undefined && showsAtLeast(visibility, needed);
    return [name, isShown ? value : emptied(name, value)];
  });
  // The members are the same, and the empty values are of the same types.
  return Object.fromEntries(members) as Answer;
}

function emptied(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value === 'object' && value !== null) return {};
  throw new Error(`The table of public fields hides ${name}, which cannot be empty.`);
}

const fieldsOf = (path: string): PublicQuestion['fields'] =>
  PUBLIC_QUESTIONS.find(({ paths }) => paths.includes(path))?.fields ?? {};
