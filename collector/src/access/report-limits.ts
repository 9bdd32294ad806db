import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessConfig } from '../config.js';
import { createRateLimiter } from './rate-limiter.js';
import {
  type Cost,
  findRefused,
  giveBack,
  refuse,
  take,
  takeCosts,
  tellRefused,
  toText,
} from './report-costs.js';
import type { Guards, KeyOf } from './request-guard.js';
import { bearerToken, hashSecret } from './secret.js';

/** What of a project a request would make: the project itself, and IDs. */
export interface NewInProject {
  /** Whether the request creates the project. */
  readonly isNew: boolean;
  /** What its new IDs cost. */
  readonly newIds: number;
}

/** Why what is new is refused. */
export interface RefusedNew {
  readonly what: 'project' | 'ids';
  readonly detail: string;
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
   * Takes what is new in a project from the limits, or nothing of it.
   *
   * @returns Why it is refused, if it is; the answer then says when it may be sent again.
   */
  takeNew(project: string, what: NewInProject): RefusedNew | undefined;
  /**
   * Takes all that the reports need, or nothing. Then what was new is given back too.
   *
   * @param projects - The number of reports of each project.
   * @throws `ProblemError` `rate_limited`.
   */
  take(projects: ReadonlyMap<string, number>): void;
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
const NEW_PROJECTS_SHARE = 0.2;

/** One client uses at most this share of what new things all clients have together. */
const CLIENT_SHARE = 1 / 20;

const clientShareOf = (quota: number): number => Math.max(1, Math.floor(quota * CLIENT_SHARE));

const OF_OTHERS = { isOwn: false };

/**
 * Creates the limits. They keep their counts in memory.
 *
 * @param clientOf - The key of a client; `undefined` is not limited.
 * @param nowMs - A clock that never goes back.
 * @param onLimitHit - Called with the name of a limit that refuses a part of a request. What refuses all
 * of it throws `LimitError`.
 * @param sharedBy - How many nodes share the limits.
 */
export function createReportLimits(
  config: Config,
  clientOf: KeyOf,
  nowMs: () => number,
  onLimitHit: (limit: string) => void,
  sharedBy = (): number => 1,
): ReportLimits {
  const limiter = (
    name: string,
    unit: string,
    quota: number,
    windowSeconds: number,
    { isOwn = true, isStrict = false } = {},
  ): ((key: string | undefined, amount: number) => Cost[]) => {
    if (quota === 0) return () => [];
    const counted = createRateLimiter(
      { name, quota, windowSeconds, isStrict, sharedBy },
      nowMs,
      MAX_KEYS,
    );
    return (key, amount) =>
      key === undefined || amount === 0 ? [] : [{ limiter: counted, unit, key, amount, isOwn }];
  };
  const share = Math.max(1, Math.floor(config.maxProjects * NEW_PROJECTS_SHARE));
  const ofClient = {
    reports: limiter('address', 'reports', config.rateLimit, MINUTE),
    bytes: limiter('bytes', 'bytes', config.bytesLimit, MINUTE),
    newIds: limiter('new-ids', 'new IDs', config.newIdsLimit, HOUR),
    newProjects: limiter(
      'new-projects',
      'new projects',
      Math.min(config.newProjectsLimit, clientShareOf(share)),
      DAY,
      { isStrict: true },
    ),
  };
  const { newIdsLimit, projectNewIdsLimit } = config;
  const projectShare = projectNewIdsLimit === 0 ? 0 : clientShareOf(projectNewIdsLimit);
  // Where the limit of a client is lower anyway, its share of a project is never met.
  const isShareMet = newIdsLimit === 0 || projectShare < newIdsLimit;
  const ofClientInProject = limiter(
    'project-share',
    'new IDs',
    isShareMet ? projectShare : 0,
    HOUR,
  );
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
    const taken: Cost[] = [];
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
      takeNew: (project, { isNew, newIds }) => {
        if (client === undefined) return undefined;
        const ofNewProject = isNew ? [...ofClient.newProjects(client, 1), ...ofAll('all', 1)] : [];
        const ofNewIds = [
          ...ofClient.newIds(client, newIds),
          ...ofClientInProject(`${client} ${project}`, newIds),
          ...ofProject.newIds(project, newIds),
        ];
        const refused = findRefused(ofNewProject) ?? findRefused(ofNewIds);
        if (refused !== undefined) {
          tellRefused(reply, refused);
          onLimitHit(refused.cost.limiter.limit.name);
          const what = ofNewProject.includes(refused.cost) ? 'project' : 'ids';
          return { what, detail: `${toText(refused)} Keep the report; see Retry-After.` };
        }
        const costs = [...ofNewProject, ...ofNewIds];
        takeCosts(reply, costs);
        taken.push(...costs);
        return undefined;
      },
      take: (projects) => {
        const reports = [...projects.values()].reduce((sum, one) => sum + one, 0);
        const costs = [...ofClient.reports(client, reports), ...ofKey(key, reports)];
        for (const [project, count] of client === undefined ? [] : projects) {
          costs.push(
            ...ofProject.reports(project, count),
            ...ofProject.bytes(project, Math.ceil((bytes * count) / reports)),
          );
        }
        // What is refused has cost nothing but its bytes: they bound how often it is tried.
        if (reports > 0) first.forEach(giveBack);
        try {
          take(reply, costs);
        } catch (error) {
          taken.forEach(giveBack);
          throw error;
        }
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
