import type { Leases } from '../../delivery/lease.js';
import type { SenderJob } from '../../delivery/protocol.js';
import type { Env, Files } from '../../platform/platform.js';
import type { Endpoint } from '../../project/endpoint.js';
import type { Identity } from '../../report/draft.js';
import type { KeyValueStorage, OutboxStorage } from '../../storage/storage.js';
import type { Answer, Request } from '../http.js';
import type { findIdentity } from '../identity/anonymous-id.js';

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

const REPORTS_PATH = /\/v1\/reports$/;

/** Where a collector answers for one user: beside the address that takes the reports. */
export function userUrl(endpoint: Endpoint, anonymousId: string, project: string): string {
  const url = beside(endpoint, `/v1/users/${encodeURIComponent(anonymousId)}`);
  url.search = new URLSearchParams({ project }).toString();
  return url.href;
}

/** Where a collector tells how it is. */
export const healthUrl = (endpoint: Endpoint): string => beside(endpoint, '/health').href;

/** A collector may be mounted below a path of its host's. */
function beside({ url }: Endpoint, path: string): URL {
  const found = new URL(url);
  const base = REPORTS_PATH.test(found.pathname) ? found.pathname.replace(REPORTS_PATH, '') : '';
  found.pathname = `${base}${path}`;
  found.search = '';
  return found;
}
