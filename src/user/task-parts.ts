import type { Answer, Request } from '../delivery/exchange.js';
import type { SenderJob } from '../delivery/job.js';
import type { Leases } from '../delivery/lease.js';
import type { Env, Files } from '../platform/platform.js';
import type { findIdentity } from '../identity/find-identity.js';
import type { Identity } from '../report/draft.js';
import type { KeyValueStorage, OutboxStorage } from '../storage/storage.js';

/** What the user's questions are answered from. */
export interface TaskParts {
  readonly job: SenderJob;
  readonly env: Env;
  readonly files: Files;
  readonly storage: KeyValueStorage;
  readonly outboxes: readonly OutboxStorage[];
  readonly leases: Leases | undefined;
  readonly now: () => number;
  /** The ID as a sender resolves it: where there is none, it is made and kept. */
  readonly identify: (container: boolean) => Promise<Identity>;
  /** The ID that reports of this user have had or will have; makes and keeps none. */
  readonly findIdentity: () => ReturnType<typeof findIdentity>;
  /** One request to the collector; rejects where it is not reached. */
  readonly exchange: (request: Omit<Request, 'maxAnswerBytes'>) => Promise<Answer>;
}
