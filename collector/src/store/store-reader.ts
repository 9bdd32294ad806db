import type { Answers, Counts, Questions } from './counts.js';
import type { Eventually } from './eventually.js';
import type { RecentQuestion, RecentUser } from './recent-user.js';
import type { UserQuestion, UserRecord } from './user-record.js';

/** The questions about counts, each by itself. */
type AskedAlone = {
  readonly [Name in keyof Counts]: (
    question: Parameters<Counts[Name]>[0],
  ) => Eventually<ReturnType<Counts[Name]>>;
};

/** The part of a store that answers questions. */
export interface StoreReader extends AskedAlone {
  /** Answers some questions from one state of the counts: what is counted meanwhile is in none. */
  together<Asked extends Questions>(questions: Asked): Eventually<Answers<Asked>>;
  /** Newest first. */
  recent(question: RecentQuestion): Eventually<readonly RecentUser[]>;
  /** Every project that has been counted. */
  projects(): Eventually<readonly string[]>;
  /** One user, known or not. */
  user(question: UserQuestion): Eventually<UserRecord>;
  /** @throws If the store does not answer. */
  probe(): Eventually<void>;
  close(): Eventually<void>;
}
