import type { Projects } from '../access/projects.js';
import type { Counting } from '../counting/counting.js';
import { ProblemError } from '../errors.js';
import type { QualityKind } from '../rules/counted-report.js';
import { dayOf, DEFAULT_ZONE, startOfDay } from '../rules/day.js';
import { addUpProjects } from '../store/add-up-projects.js';
import type { ProjectOverview, UnusualDay } from '../store/questions.js';
import type { StoreReader } from '../store/store.js';

type Quality = Partial<Record<QualityKind, number>>;

/** The figures of a project, or of all further ones together. */
export interface ProjectFigures extends Omit<ProjectOverview, 'project'> {
  /** The label of the project. */
  readonly project: string;
  /** How many of the last 28 days, in the project's zone, had unusually many new people. */
  readonly unusualDays: number;
  /** When the last of them began, in milliseconds since 1970. */
  readonly lastUnusualDay: number | undefined;
}

/** The figures that are in the counts. */
export interface CountFigures {
  /** Every report acknowledged before this moment is in them. */
  readonly asOf: Date;
  readonly projects: readonly ProjectFigures[];
  /** When the last counted report was received, in milliseconds since 1970; `null` if none was. */
  readonly lastReportAt: number | null;
  /** What was counted since the start of the collector. */
  readonly sinceStart: Quality;
  /** What was counted in the last 28 days of receipt. */
  readonly lately: Quality;
}

export interface CountsParts {
  readonly counting: Pick<Counting, 'caughtUp' | 'behindSince'>;
  readonly store: Pick<StoreReader, 'together' | 'quality'>;
  readonly projects: Pick<Projects, 'zoneOf' | 'list'>;
  readonly now: () => Date;
}

/** Projects with labels of their own; further ones are together in {@link OTHER_PROJECTS}. */
export const MAX_LABELLED_PROJECTS = 50;

/** The label of all further projects, and of one that has this name. */
export const OTHER_PROJECTS = 'other';

/** Days that are looked at for unusual ones and for losses, today among them. */
const LATELY_DAYS = 28;

/** How long a scrape waits for reports to be counted, in milliseconds. */
const CATCH_UP_MS = 1000;

/**
 * How long a scrape waits for the counts, in milliseconds, if it has those of an earlier one: a slow
 * question must not slow it down.
 */
const ANSWER_MS = 1000;

/** The same for the first one. Prometheus waits for 10 seconds. */
const FIRST_ANSWER_MS = 4000;

/** How old counts may be that are told again, in milliseconds. Their moment is told beside them. */
const MAX_AGE_MS = 5 * 60_000;

/** Creates what asks the counts. It resolves to
 * those of an earlier time if they are slow, and to `undefined` if they do not answer at all. */
export function createCountsGatherer(parts: CountsParts): () => Promise<CountFigures | undefined> {
  const { store, counting, now } = parts;
  // Reports that wait since before the start are counted for the day of their receipt.
  const earliest = Math.min(now().getTime(), counting.behindSince?.getTime() ?? Infinity);
  const since = dayOf(earliest, DEFAULT_ZONE);
  const countedSince = async (): Promise<Quality> => store.quality({ project: null, from: since });
  // A counter must begin at 0 with the process, or a restart would look like a burst of reports.
  const first = countedSince().catch(() => undefined);
  let last: Quality | undefined;
  let sinceStart: Quality = {};

  const ask = async (): Promise<CountFigures> => {
    const asOf = await counting.caughtUp(CATCH_UP_MS);
    last ??= (await first) ?? (await countedSince());
    const today = dayOf(asOf.getTime(), DEFAULT_ZONE);
    const zones = new Map(parts.projects.list().map((one) => [one.project, one.timezone]));
    const zoneOf = (project: string): string => zones.get(project) ?? parts.projects.zoneOf(null);
    const todayOf = (project: string): number => dayOf(asOf.getTime(), zoneOf(project));
    const day = dayOf(asOf.getTime(), parts.projects.zoneOf(null));
    const elsewhere = [...zones.keys()].filter((project) => todayOf(project) !== day);
    const { overview, summary, unusual, quality } = await store.together({
      overview: {
        day,
        days: Object.fromEntries(elsewhere.map((project) => [project, todayOf(project)])),
        mostProjects: MAX_LABELLED_PROJECTS,
      },
      summary: { project: null, day, mostValues: 1 },
      // The day of a project may be the one before or after.
      unusual: { project: null, from: day - LATELY_DAYS, to: day + 1 },
      quality: { project: null, from: since },
    });
    sinceStart = addRise(sinceStart, last, quality);
    last = quality;
    const lately = await store.quality({
      ...{ project: null, from: today - LATELY_DAYS + 1, to: today },
    });
    const marked = unusual.filter(
      ({ project, day: one }) =>
        project !== null && one > todayOf(project) - LATELY_DAYS && one <= todayOf(project),
    );
    return {
      asOf,
      projects: label(overview).map((one) => ({
        ...one,
        ...toMarks(one, overview, marked, zoneOf),
      })),
      lastReportAt: summary.changedAt,
      sinceStart,
      lately,
    };
  };

  let known: { readonly figures: CountFigures; readonly atMs: number } | undefined;
  let running: Promise<CountFigures | undefined> | undefined;
  const askOnce = async (): Promise<CountFigures | undefined> => {
    try {
      const figures = await ask();
      known = { figures, atMs: performance.now() };
    } catch (error) {
      // The metrics say so; the cause is in `/health` and in the log.
      if (!(error instanceof ProblemError && error.code === 'busy')) known = undefined;
    }
    return recent();
  };
  const recent = (): CountFigures | undefined =>
    known !== undefined && performance.now() - known.atMs < MAX_AGE_MS ? known.figures : undefined;

  return async () => {
    const timeout = new AbortController();
    running ??= askOnce().finally(() => {
      running = undefined;
    });
    // What is slow goes on: the next scrape has it.
    const waitMs = recent() === undefined ? FIRST_ANSWER_MS : ANSWER_MS;
    try {
      await Promise.race([running, after(waitMs, timeout.signal)]);
      return recent();
    } finally {
      timeout.abort();
    }
  };
}

/** Gives the projects their labels. One that is named like all others together is among them. */
function label(
  overview: readonly ProjectOverview[],
): (ProjectOverview & { readonly project: string })[] {
  const isOther = ({ project }: ProjectOverview): boolean =>
    project === null || project === OTHER_PROJECTS;
  const own = overview.flatMap(({ project, ...figures }) =>
    project === null || project === OTHER_PROJECTS ? [] : [{ ...figures, project }],
  );
  const others = overview.filter(isOther);
  if (others.length === 0) return own;
  return [...own, { ...addUpProjects(others), project: OTHER_PROJECTS }];
}

/** The unusual days of a label. */
function toMarks(
  { project: label }: { readonly project: string },
  overview: readonly ProjectOverview[],
  marked: readonly UnusualDay[],
  zoneOf: (project: string) => string,
): Pick<ProjectFigures, 'unusualDays' | 'lastUnusualDay'> {
  const named = new Set(overview.map(({ project }) => project));
  const own = marked.filter(({ project }) =>
    label === OTHER_PROJECTS
      ? project === OTHER_PROJECTS || !named.has(project)
      : project === label,
  );
  const starts = own.map(({ project, day }) => startOfDay(day, zoneOf(project ?? label)));
  return {
    unusualDays: own.length,
    lastUnusualDay: starts.length === 0 ? undefined : Math.max(...starts),
  };
}

/** A counter must not fall, as counts do where a cleaning takes something out. */
function addRise(sums: Quality, before: Quality, now: Quality): Quality {
  const kinds = Object.keys(now) as QualityKind[];
  const risen = kinds.map((kind): [QualityKind, number] => {
    const rise = Math.max(0, (now[kind] ?? 0) - (before[kind] ?? 0));
    return [kind, (sums[kind] ?? 0) + rise];
  });
  return { ...sums, ...Object.fromEntries(risen) };
}

const after = (ms: number, signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
