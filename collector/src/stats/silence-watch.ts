import type { Logger } from 'pino';
import type { Projects } from '../access/projects.js';
import type { Counting } from '../counting/counting.js';
import { createFailureLog } from '../logs/failure-log.js';
import { dayOf } from '../rules/day.js';
import type { StoreReader } from '../store/store.js';
import { CATCH_UP_MS } from './define-question.js';
import type { QuestionDesk } from './question-desk.js';
import type { SilenceAnswer, SilenceRow } from './silence-answer.js';
import { SILENCE_PATH } from './silence-route.js';

export interface SilenceWatchParts {
  readonly counting: Pick<Counting, 'caughtUp' | 'version'>;
  readonly projects: Pick<Projects, 'zoneOf' | 'toldOf'>;
  readonly store: Pick<StoreReader, 'projects'>;
  /** Its threads judge, so that the thread of the intake does not. */
  readonly desk: Pick<QuestionDesk, 'answer'>;
  /** Since when the collector runs. */
  readonly listeningSince: Date;
  readonly logger: Logger;
  /** The time between two looks, in milliseconds. */
  readonly everyMs: number;
}

/** Warns when reports of a project, or an event or a field in them, come no more. */
export interface SilenceWatch {
  /** What does not come any more, as of the last look. */
  readonly missed: readonly Missed[];
  close(): void;
}

/** A project without reports, or one without an event or a field in them. */
export interface Missed {
  readonly project: string;
  readonly since: string | null;
}

/** A look may take this share of the time: of very many projects, one takes seconds. */
const SHARE_OF_TIME = 0.01;

/** So many times the usual time may lie between two looks at most. */
const LONGEST_TIMES = 60;

/** Events and fields of a project that the log tells of at most. */
const MAX_TOLD = 20;

/** Looks now and then, and logs each change once. */
export function watchSilence(parts: SilenceWatchParts): SilenceWatch {
  const { counting, projects, store, desk, listeningSince, logger, everyMs } = parts;
  const missed = new Map<string, Missed>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const failures = createFailureLog({ logger });

  const judge = async (project: string, asOf: Date): Promise<SilenceAnswer['rows']> => {
    const zone = projects.zoneOf(project);
    const { body } = await desk.answer(
      {
        ...{ path: SILENCE_PATH, query: { project }, format: 'json' },
        asked: {
          ...{ project, zone, asOf, today: dayOf(asOf.getTime(), zone) },
          ...{ level: 'administrator', visibility: 'detailed', among: null, seesAll: true },
          told: projects.toldOf(project),
          moment: { listeningSince: listeningSince.getTime(), zones: {} },
        },
      },
      { version: counting.version, client: undefined },
    );
    return (JSON.parse(new TextDecoder().decode(body)) as SilenceAnswer).rows; // the route's own text
  };
  const tell = ({ project, kind, name, state, since, text, last_counted_at }: SilenceRow): void => {
    const key = JSON.stringify([project, kind, name]);
    const told = { project, ...(name !== null && { [kind]: name }) };
    if (state === 'silent' || state === 'stopped') {
      if (missed.has(key)) return;
      missed.set(key, { project, since });
      logger.warn({ ...told, state, since }, text);
    } else if (missed.delete(key)) {
      // After a very long silence, what is usual has to be learnt anew.
      const what = kind === 'project' ? 'reports come again' : `this ${kind} comes again`;
      logger.info(
        told,
        last_counted_at === null ? `nothing is known of this ${kind} any more` : what,
      );
    }
  };
  const look = async (): Promise<void> => {
    for (const project of await store.projects()) {
      if (isClosed) return;
      const rows = await judge(project, await counting.caughtUp(CATCH_UP_MS));
      let stopped = 0;
      for (const row of rows) {
        if (row.state !== 'stopped' || ++stopped <= MAX_TOLD) tell(row);
      }
    }
  };
  const schedule = (afterMs: number): void => {
    if (isClosed) return;
    timer = setTimeout(() => {
      const startedAt = performance.now();
      look()
        .catch((error: unknown) => {
          if (!isClosed) failures.failed(error, 'no look at silence');
        })
        .finally(() => {
          const slowMs = (performance.now() - startedAt) / SHARE_OF_TIME;
          schedule(Math.min(Math.max(everyMs, slowMs), LONGEST_TIMES * everyMs));
        });
    }, afterMs).unref();
  };

  schedule(everyMs);
  return {
    get missed() {
      return [...missed.values()];
    },
    close: () => {
      isClosed = true;
      failures.close();
      clearTimeout(timer);
    },
  };
}
