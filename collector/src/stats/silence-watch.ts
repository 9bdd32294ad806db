import type { Logger } from 'pino';
import type { Projects } from '../access/projects.js';
import type { Counting } from '../counting/counting.js';
import { describeError } from '../logs/logger.js';
import { dayOf } from '../rules/day.js';
import { firstWhole } from '../rules/kept-spans.js';
import type { HourCell } from '../rules/hour-cells.js';
import type { StoreReader } from '../store/store.js';
import { CATCH_UP_MS } from './define-question.js';
import { type JudgedAt, judgeProject, judgeSayings } from './judge-project.js';
import type { SilenceRow } from './silence-answer.js';
import { SAYING_DAYS } from './silence-route.js';

export interface SilenceWatchParts {
  readonly counting: Pick<Counting, 'caughtUp'>;
  readonly projects: Pick<Projects, 'zoneOf'>;
  readonly store: Pick<StoreReader, 'together' | 'keptSpans'>;
  /** Since when the collector runs. */
  readonly listeningSince: Date;
  readonly logger: Logger;
  /** The time between two looks, in milliseconds. */
  readonly everyMs: number;
}

/** Warns when reports of a project, or an event or a field in them, come no more. */
export interface SilenceWatch {
  close(): void;
}

/** A look may take this share of the time: of very many projects, one takes a second. */
const SHARE_OF_TIME = 0.01;

/** So many times the usual time may lie between two looks at most. */
const LONGEST_TIMES = 60;

/** Events and fields of a project that a look tells of at most. */
const MAX_TOLD = 20;

/** Looks now and then, and logs each change once. */
export function watchSilence(parts: SilenceWatchParts): SilenceWatch {
  const { counting, projects, store, listeningSince, logger, everyMs } = parts;
  const missed = new Set<string>();
  /** The day on which events and fields of a project were looked at last. */
  const lookedOn = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const tell = ({ project, kind, name, state, text, ...row }: SilenceRow): void => {
    const key = JSON.stringify([project, kind, name]);
    const told = { project, ...(name !== null && { [kind]: name }) };
    if (state === 'silent' || state === 'stopped') {
      if (missed.has(key)) return;
      missed.add(key);
      logger.warn({ ...told, state, since: row.since }, text);
    } else if (state === 'ok' && missed.delete(key)) {
      logger.info(told, kind === 'project' ? 'reports come again' : `this ${kind} comes again`);
    }
  };
  const lookAtSayings = async (project: string, at: JudgedAt): Promise<void> => {
    const today = dayOf(at.now, at.zone);
    if (lookedOn.get(project) === today) return;
    const spans = (await store.keptSpans()).filter(({ what }) => what === 'rollups');
    const from = Math.max(today - SAYING_DAYS, firstWhole(spans, Infinity));
    const days = { project, from, to: today };
    const { reports, sayingDays: said } = await store.together({
      reports: { ...days, ci: false },
      sayingDays: days,
    });
    lookedOn.set(project, today);
    const rows = judgeSayings(project, { reports, said }, at);
    const stopped = rows.filter(({ state }) => state === 'stopped');
    for (const row of stopped.slice(0, MAX_TOLD)) tell(row);
    for (const row of rows.filter(({ state }) => state === 'ok')) tell(row);
  };
  const look = async (): Promise<void> => {
    const now = (await counting.caughtUp(CATCH_UP_MS)).getTime();
    const { hours } = await store.together({ hours: { project: null } });
    const atOf = (project: string): JudgedAt => ({
      ...{ now, zone: projects.zoneOf(project), listeningSince: listeningSince.getTime() },
    });
    const judge = (project: string, cells: readonly HourCell[]): SilenceRow =>
      judgeProject(project, cells, atOf(project), true);
    for (const { project, cells } of hours) tell(judge(project, cells));
    for (const { project } of hours) {
      if (!isClosed) await lookAtSayings(project, atOf(project));
    }
  };
  const schedule = (afterMs: number): void => {
    if (isClosed) return;
    timer = setTimeout(() => {
      const startedAt = performance.now();
      look()
        .catch((error: unknown) => {
          if (!isClosed) logger.error({ error: describeError(error) }, 'no look at silence');
        })
        .finally(() => {
          const slowMs = (performance.now() - startedAt) / SHARE_OF_TIME;
          schedule(Math.min(Math.max(everyMs, slowMs), LONGEST_TIMES * everyMs));
        });
    }, afterMs).unref();
  };

  schedule(everyMs);
  return {
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
