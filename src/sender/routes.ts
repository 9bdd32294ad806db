import type { SenderJob } from '../delivery/protocol.js';
import { DEFAULT_ENDPOINT, type Endpoint, plainEndpoint } from '../project/endpoint.js';
import { localCollector, type LocalCollectorPlatform } from '../project/local-collector.js';
import { parseEndpoint } from '../project/parse-endpoint.js';
import type { Draft } from '../report/draft.js';
import { isFor } from './claimed-segment.js';

/** Finds the endpoint of a report; `undefined` if this sender must not send it. */
export type Route = (draft: Draft) => Endpoint | undefined;

/**
 * A report goes where it was to go when it was recorded, also if the app names another endpoint by
 * now. Its address comes from a disk, so it has to pass the rules for the option `endpoint`; plain
 * http to another machine is left to a sender of the app that allows it.
 */
export function createRoute(
  { endpoint, collectorFile }: SenderJob,
  platform: LocalCollectorPlatform,
): Route {
  return (draft) => {
    if (isFor(draft, endpoint)) return endpoint;
    if (!draft.endpoint) return thisMachines(collectorFile, platform);
    const { url, fromEnvironment } = draft.endpoint;
    const parsed = parseEndpoint(url);
    if (typeof parsed === 'string') return undefined;
    return { ...parsed, ...(fromEnvironment && { fromEnvironment }) };
  };
}

/** The collector on this machine: at the address that it has left, else at the default one. */
const thisMachines = (
  file: string | undefined,
  platform: LocalCollectorPlatform,
): Endpoint | undefined =>
  (file === undefined ? undefined : localCollector(file, platform)) ??
  plainEndpoint(DEFAULT_ENDPOINT, true);
