import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessConfig } from '../config.js';
import { LimitError } from './limit-error.js';
import { sendLimit, sendRetryAfter } from './limit-headers.js';
import { createRateLimiter, type RateLimiter, type RateVerdict } from './rate-limiter.js';
import type { Guards, KeyOf } from './request-guard.js';
import { bearerToken, hashSecret } from './secret.js';

/** The reports of a request, as far as limits count them. */
export interface CountedBatch {
  /** For each project, its reports and the IDs that are new to the collector. */
  readonly projects: ReadonlyMap<string, { readonly reports: number; readonly newIds: number }>;
  /** Projects that the request would create. */
  readonly newProjects: number;
}

/** What a request with reports takes from the limits. */
export interface ReportClaim {
  /** The key of the client; `undefined` for a request of this machine. */
  readonly client: string | undefined;
  /**
   * Takes the bytes of the body after decompression.
   *
   * @throws `ProblemError` `rate_limited`.
   */
  takeBytes(bytes: number): void;
  /**
   * Takes all that the reports need, or nothing.
   *
   * @throws `ProblemError` `rate_limited`.
   */
  take(batch: CountedBatch): void;
}

/** The limits of reports, by client address, write key and project. */
export interface ReportLimits {
  /** Refuses requests of clients that have nothing left, before their body is read. */
  readonly guards: Guards;
  /** The claim of a request that has passed the guards; `undefined` for other routes. */
  readonly findClaim: (request: FastifyRequest) => ReportClaim | undefined;
  /** The claim of a request that has passed the guards. */
  readonly claimOf: (request: FastifyRequest) => ReportClaim;
}

type Config = Pick<
  AccessConfig,
  | 'maxProjects'
  | 'rateLimit'
  | 'keyRateLimit'
  | 'bytesLimit'
  | 'newIdsLimit'
  | 'newProjectsLimit'
  | 'projectRateLimit'
  | 'projectBytesLimit'
  | 'projectNewIdsLimit'
>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Clients, keys or projects that a limit remembers at most, about 5 MB for each limit. */
const MAX_KEYS = 50_000;

/** All clients together create at most this share of the projects that there may be, in a day. */
const NEW_PROJECTS_SHARE = 0.1;

const OF_OTHERS = { isOwn: false };

/** So much of a limit, for a key. */
interface Cost {
  readonly limiter: RateLimiter;
  readonly unit: string;
  readonly key: string;
  readonly amount: number;
  /** Whether it is the client’s own limit, of which it may know how much is left. */
  readonly isOwn: boolean;
}

/**
 * Creates the limits. They keep their counts in memory.
 *
 * @param clientOf - The key of a client; `undefined` is not limited.
 * @param nowMs - A clock that never goes back.
 */
export function createReportLimits(
  config: Config,
  clientOf: KeyOf,
  nowMs: () => number,
): ReportLimits {
  const limiter = (
    name: string,
    unit: string,
    quota: number,
    windowSeconds: number,
    { isOwn = true, isStrict = false } = {},
  ): ((key: string | undefined, amount: number) => Cost[]) => {
    if (quota === 0) return () => [];
    const counted = createRateLimiter({ name, quota, windowSeconds, isStrict }, nowMs, MAX_KEYS);
    return (key, amount) =>
      key === undefined || amount === 0 ? [] : [{ limiter: counted, unit, key, amount, isOwn }];
  };
  // One client must not use up what all have.
  const share = Math.max(1, Math.floor(config.maxProjects * NEW_PROJECTS_SHARE));
  const ofClient = {
    reports: limiter('address', 'reports', config.rateLimit, MINUTE),
    bytes: limiter('bytes', 'bytes', config.bytesLimit, MINUTE),
    newIds: limiter('new-ids', 'new IDs', config.newIdsLimit, HOUR),
    newProjects: limiter(
      'new-projects',
      'new projects',
      Math.min(config.newProjectsLimit, Math.max(1, Math.floor(share / 2))),
      DAY,
      { isStrict: true },
    ),
  };
  const ofKey = limiter('key', 'reports', config.keyRateLimit, MINUTE);
  const ofProject = {
    reports: limiter('project', 'reports', config.projectRateLimit, MINUTE, OF_OTHERS),
    bytes: limiter('project-bytes', 'bytes', config.projectBytesLimit, MINUTE, OF_OTHERS),
    newIds: limiter('project-new-ids', 'new IDs', config.projectNewIdsLimit, HOUR, OF_OTHERS),
  };
  const ofAll = limiter('all-new-projects', 'new projects', share, DAY, {
    isOwn: false,
    isStrict: true,
  });
  const claims = new WeakMap<FastifyRequest, ReportClaim>();

  const openClaim = (request: FastifyRequest, reply: FastifyReply): ReportClaim => {
    const client = clientOf(request);
    const writeKey = bearerToken(request.headers);
    const key = writeKey === undefined ? undefined : hashSecret(writeKey).toString('base64');
    let bytes = 0;
    refuse(reply, ofClient.bytes(client, 1));
    // Every request takes one, also if there is no report in it.
    const first = [...ofClient.reports(client, 1), ...ofKey(key, 1)];
    take(reply, first);
    return {
      client,
      takeBytes: (count) => {
        take(reply, ofClient.bytes(client, count));
        bytes = count;
      },
      take: ({ projects, newProjects }) => {
        const counts = [...projects.values()];
        const reports = counts.reduce((sum, one) => sum + one.reports, 0);
        const newIds = counts.reduce((sum, one) => sum + one.newIds, 0);
        const costs = [
          ...ofClient.reports(client, reports),
          ...ofKey(key, reports),
          ...ofClient.newIds(client, newIds),
          ...ofClient.newProjects(client, newProjects),
          ...ofAll(client === undefined ? undefined : 'all', newProjects),
        ];
        for (const [project, count] of client === undefined ? [] : projects) {
          costs.push(
            ...ofProject.reports(project, count.reports),
            ...ofProject.bytes(project, Math.ceil((bytes * count.reports) / reports)),
            ...ofProject.newIds(project, count.newIds),
          );
        }
        // What is refused has cost nothing but its bytes: they bound how often it is tried.
        if (reports > 0) first.forEach(giveBack);
        take(reply, costs);
      },
    };
  };

  return {
    guards: [
      (request, reply) => {
        claims.set(request, openClaim(request, reply));
        return Promise.resolve();
      },
    ],
    findClaim: (request) => claims.get(request),
    claimOf: (request) => {
      const claim = claims.get(request);
      if (claim === undefined) throw new Error('The request has not passed the guards.');
      return claim;
    },
  };
}

/** Takes all costs, or none if one is beyond its limit. */
function take(reply: FastifyReply, costs: readonly Cost[]): void {
  refuse(reply, costs);
  for (const { limiter, key, amount, isOwn } of costs) {
    const verdict = limiter.take(key, amount);
    if (isOwn) sendLimit(reply, limiter.limit, verdict);
  }
}

const giveBack = ({ limiter, key, amount }: Cost): void => limiter.giveBack(key, amount);

/** Refuses a request if one of its costs is beyond its limit. */
function refuse(reply: FastifyReply, costs: readonly Cost[]): void {
  let refused: { readonly cost: Cost; readonly verdict: RateVerdict } | undefined;
  for (const cost of costs) {
    const verdict = cost.limiter.look(cost.key, cost.amount);
    if (verdict.isAllowed) continue;
    if (refused && verdict.retryAfterMs <= refused.verdict.retryAfterMs) continue;
    refused = { cost, verdict };
  }
  if (refused === undefined) return;
  const { limiter, unit, isOwn } = refused.cost;
  if (isOwn) sendLimit(reply, limiter.limit, refused.verdict);
  sendRetryAfter(reply, refused.verdict);
  const { quota, windowSeconds } = limiter.limit;
  throw new LimitError(
    limiter.limit.name,
    `At most ${quota} ${unit} in ${windowSeconds} seconds${isOwn ? '' : ' from all clients'}. Nothing of this request was kept; see Retry-After.`,
  );
}
