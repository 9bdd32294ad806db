import type { Leases } from '../../delivery/lease.js';
import type { SenderJob } from '../../delivery/protocol.js';
import type { Env, Files } from '../../platform/platform.js';
import type { Endpoint } from '../../project/endpoint.js';
import type { KeyValueStorage, OutboxStorage } from '../../storage/storage.js';
import type { Identify } from '../claimed-segment.js';
import type { Http } from '../http.js';
import type { Network } from '../network/network.js';
import type { Compression } from '../post.js';
import type { findIdentity } from '../identity/anonymous-id.js';
import type { findStoredIdentity } from '../identity/find-stored-identity.js';
import type { Clock } from '../platform/sender-platform.js';

/** What tasks take. */
export interface TaskParts {
  readonly job: SenderJob;
  readonly env: Env;
  readonly files: Files;
  readonly storage: KeyValueStorage;
  /** Those with the reports for the app's endpoint. */
  readonly outboxes: readonly OutboxStorage[];
  /** These, and those for other endpoints. */
  readonly allOutboxes: () => readonly OutboxStorage[];
  readonly leases: Leases | undefined;
  readonly http: Http;
  readonly network: Pick<Network, 'ipFamily' | 'isInSubnet'>;
  readonly compression: Compression;
  readonly clock: Pick<Clock, 'now' | 'elapsed' | 'sleep' | 'randomBytes'>;
  /** When the answer must be there, on {@link Clock.elapsed}. */
  readonly deadlineMs: number;
  /** The ID as sending resolves it: makes and keeps one if there is none. */
  readonly identify: Identify;
  /** The ID that this user's reports have had or will have. Makes and keeps none. */
  readonly findIdentity: () => ReturnType<typeof findIdentity>;
  /** The ID that is stored for the reports of an endpoint, and the proof that it is this user's. */
  readonly findStoredIdentity: (endpoint: Endpoint) => ReturnType<typeof findStoredIdentity>;
}

const REPORTS_PATH = /\/v1\/reports$/;

/** The address for one user's data, beside the address that takes reports. */
export function userUrl(endpoint: Endpoint, anonymousId: string, project: string): string {
  const url = beside(endpoint, `/v1/users/${encodeURIComponent(anonymousId)}`);
  url.search = new URLSearchParams({ project }).toString();
  return url.href;
}

/** The address of the collector's health check. */
export const healthUrl = (endpoint: Endpoint): string => beside(endpoint, '/health').href;

/** A collector may be mounted below a path. */
function beside({ url }: Endpoint, path: string): URL {
  const found = new URL(url);
  const base = REPORTS_PATH.test(found.pathname) ? found.pathname.replace(REPORTS_PATH, '') : '';
  found.pathname = `${base}${path}`;
  found.search = '';
  return found;
}
