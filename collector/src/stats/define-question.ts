import { type Static, type TObject, Type } from 'typebox';
import { type Access, type Askable, type View } from '../access/access.js';
import type { Note } from '../access/annotations.js';
import type { Level } from '../access/level.js';
import type { Projects, ProjectView } from '../access/projects.js';
import { isPublic } from '../access/public-part.js';
import type { Counting } from '../counting/counting.js';
import type { Documented } from '../openapi/answers.js';
import type { Zone } from '../rules/day.js';
import { MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import type { Counts, ReaderOperations } from '../store/store.js';
import type { Row } from './answer.js';
import type { PublicCells } from './public-cells.js';

/** A question about one project or all, asked with `GET`. */
export interface Question<Query extends TObject, Answer extends TObject> {
  readonly path: string;
  /**
   * The level that asks it of any project.
   *
   * @default 'restricted'
   */
  readonly level?: Level;
  /** The summary in the OpenAPI document. */
  readonly summary: string;
  readonly query: Query;
  readonly answer: Answer;
  /** Converts the answer to rows, for the formats without members besides rows. */
  readonly rows: (answer: Static<Answer>) => readonly Row[];
  /**
   * The rows in NDJSON, which may have lists.
   *
   * @default rows
   */
  readonly ndjsonRows?: (answer: Static<Answer>) => readonly object[];
  /** The members of a row, whether or not there are any rows. */
  readonly columns: (answer: Static<Answer>) => readonly string[];
  /**
   * Whether it is about reports as they were received: days are by UTC, whatever the projects' time
   * zones, and rejections count.
   *
   * @default false
   */
  readonly isOfReceipt?: boolean;
  /**
   * The dimensions that the public sees in the answer: {@link Asked.cells} has their cells.
   *
   * @default none
   */
  readonly publicDimensions?: (query: Static<Query>) => readonly string[];
  /**
   * Whether the answer is given without them where their cells cannot be kept, as on a full disk.
   *
   * @default false
   */
  readonly hasMoreThanCells?: boolean;
  /**
   * Whether the answer tells what happened on which days: {@link Asked.annotations} has it.
   *
   * @default false
   */
  readonly tellsAnnotations?: boolean;
  /**
   * Whether the answer changes with the time, and not only with the counts and the day:
   * {@link Asked.moment} has what it needs.
   *
   * @default false
   */
  readonly isOfTheMoment?: boolean;
  /** Runs in a thread of questions, so it must use nothing but what it is given. */
  readonly handler: (
    asked: Asked,
    query: Static<Query>,
    store: CountsReader,
  ) => Promise<Static<Answer>>;
}

/** Receives the questions: to register their routes, or to answer them. */
export type Define = <Query extends TObject, Answer extends TObject>(
  question: Question<Query, Answer>,
) => void;

/** What a question is answered from. */
export type CountsReader = Pick<
  ReaderOperations,
  keyof Counts | 'together' | 'keptSpans' | 'saidSince' | 'countrySince' | 'agesSince'
>;

/**
 * The context of every question, with what its caller sees. It must be plain, since it goes to
 * another thread, and all of it is in the key of the cache.
 */
export interface Asked extends View {
  /** `null` asks for all projects. */
  readonly project: string | null;
  /** The zone that days are counted in. */
  readonly zone: Zone;
  /** Numbered since 1970. */
  readonly today: number;
  /** Every report acknowledged before this moment is counted. */
  readonly asOf: Date;
  /** What the project says about itself. */
  readonly told: Pick<ProjectView, 'coverage' | 'ended' | 'invented'>;
  /** For a question that tells annotations. */
  readonly annotations?: AskedAnnotations;
  /** For a question whose answer changes with the time. */
  readonly moment?: AskedMoment;
  /** What the public sees of dimensions, if it asks. */
  readonly cells?: Readonly<Record<string, PublicCells>>;
}

/** What an answer that changes with the time is made of, besides the counts. */
export interface AskedMoment {
  /** Since when the collector runs, in milliseconds since 1970. */
  readonly listeningSince: number;
  /** Where all projects are asked for: the zones of those that have another than the collector. */
  readonly zones: Readonly<Record<string, Zone>>;
}

/** What annotations are made of, besides the counts. */
export interface AskedAnnotations {
  /** The notes that the caller may see. */
  readonly notes: readonly ProjectNote[];
  /** The public sees no group of fewer people. */
  readonly k: number;
}

/** A note about days of a project. */
export interface ProjectNote {
  readonly project: string;
  readonly note: Note;
}

/** The parts that handlers of questions need. */
export interface StatsParts {
  readonly counting: Pick<Counting, 'caughtUp' | 'version'>;
  readonly projects: Pick<Projects, 'zoneOf' | 'toldOf'>;
  readonly access: Access;
  readonly store: ReaderOperations;
  readonly now: () => Date;
}

export { CATCH_UP_MS } from './asked-state.js';

/** The query parameter of every question about users. */
export const scopeMembers = {
  project: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_PROJECT_CHARACTERS,
      description: 'One project; all without it, where a user of two projects counts twice',
    }),
  ),
};

/** The documentation of every question whose answer has rows. */
export const DOCUMENTED_ROWS: Documented = {
  problems: ['rate_limited', 'busy', 'failing'],
  media: {
    'text/csv': {
      type: 'string',
      description: 'The rows, with a head that follows from the question (RFC 4180)',
    },
    'application/x-ndjson': { type: 'string', description: 'The rows, one object a line' },
  },
};

/** How a question by project is documented and checked. */
export const accessOf = ({ path, level }: Askable): Documented => ({
  level: isPublic(path, 'detailed') ? 'public' : level,
  isByProject: true,
});
