import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { clientAddress } from './access/client-address.js';
import { createClientKeys } from './access/client-keys.js';
import { LimitError } from './access/limit-error.js';
import { sendLimit, sendRetryAfter } from './access/limit-headers.js';
import { createOwnMachineCheck } from './access/own-machine.js';
import { createRateLimiter } from './access/rate-limiter.js';
import { registerBrowserRules } from './access/register-browser-rules.js';
import { createReportLimits } from './access/report-limits.js';
import type { Guard, KeyOf } from './access/request-guard.js';
import type { App } from './app-types.js';
import { createApp } from './create-app.js';
import { countRefusals, createErrorHandler, handleNotFound } from './error-handler.js';
import { ProblemError, sendProblem } from './errors.js';
import { registerProbeRoutes } from './health/probe-routes.js';
import type { Probes } from './health/probes.js';
import type { FolderWatch } from './health/watch-folder.js';
import type { ClockGuard } from './intake/clock-guard.js';
import { ON_DISK } from './intake/acknowledging.js';
import { acceptJson } from './intake/read-body.js';
import {
  type ReportTaker,
  registerReportsRoute,
  registerStatisticsRoutes,
} from './intake/reports-route.js';
import { createFailureLog } from './logs/failure-log.js';
import type { Metrics } from './metrics/metrics.js';
import { createHttpTimes, watchRequests } from './performance/http-times.js';
import type { Forwarder } from './relay/forwarder.js';
import type { RelayFigures } from './relay/examine-forwarding.js';
import type { RelayHealth } from './relay/watch-relay.js';
import type { RelayQueue } from './relay/relay-queue.js';
import { registerStateRoutes } from './relay/state-routes.js';
import type { LoopWatch } from './relay/loop-watch.js';
import { readRelayedBy } from './relay/relayed-by.js';
import type { Upstream } from './relay/upstream.js';
import { registerUsersRoutes } from './relay/users-routes.js';
import type { RelayConfig } from './relay-options.js';
import { logRequests } from './request-log/log-requests.js';
import type { Certificate } from './tls/open-certificate.js';
import { watchMethods } from './watch-methods.js';

/** The parts of a relay that routes use. */
export interface RelayAppParts {
  readonly config: RelayConfig;
  readonly certificate: Certificate | undefined;
  readonly taker: ReportTaker;
  readonly queue: RelayQueue;
  readonly forwarder: Forwarder;
  readonly upstream: Upstream;
  readonly loop: Pick<LoopWatch, 'guard'>;
  readonly probes: Pick<Probes, 'journal' | 'data'>;
  readonly health: Pick<RelayHealth, 'look'>;
  readonly folderWatch: Pick<FolderWatch, 'requireFolder'>;
  readonly clock: ClockGuard;
  readonly metrics: Metrics;
  readonly figures: () => RelayFigures;
  /** Called with the code of a problem that refuses a whole request. */
  readonly onRejected: (code: string) => void;
  readonly logger: Logger;
  readonly requestLogger: Logger;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
}

/** What only a collector limits, since only it knows which IDs and projects are new. */
const NOT_LIMITED = { maxProjects: 1, newIdsLimit: 0, newProjectsLimit: 0, projectNewIdsLimit: 0 };

/** Requests to `/v1/users` that a client may send in a minute. Each is one to the collector too. */
const USERS_PER_MINUTE = 60;

/** Builds the server of a relay without listening. Closing it does not close the parts. */
export async function buildRelayApp(parts: RelayAppParts): Promise<App> {
  const { config, certificate, now, monotonicMs } = parts;
  const { folderWatch } = parts;
  const { app, closing } = createApp({ ...config, certificate, folderWatch });
  const times = createHttpTimes();
  logRequests(app, { ...parts, times, accessLog: config.accessLog });
  watchRequests(app, times);
  await registerBrowserRules(app, config);
  const methodsAt = watchMethods(app);

  const keyOfAddress = createClientKeys(() => now().getTime());
  const isOwnMachine = createOwnMachineCheck(config.trustedProxies);
  const clientOf: KeyOf = (request) =>
    isOwnMachine(request) ? undefined : keyOfAddress(clientAddress(request));
  const limits = createReportLimits(
    { ...config, ...NOT_LIMITED },
    clientOf,
    monotonicMs,
    () => undefined, // only of what is new
  );
  acceptJson(app, config.corsOrigins, (request, bytes) => {
    limits.findClaim(request)?.takeBytes(bytes);
  });
  const failures = createFailureLog(parts);
  app.addHook('onClose', (_app, done) => {
    failures.close();
    done();
  });
  app.setErrorHandler(createErrorHandler(failures));
  const detail = `This is a relay: it takes reports and passes them on. Ask the collector, ${config.to}.`;
  app.setNotFoundHandler((request, reply) =>
    request.method === 'GET'
      ? sendProblem(reply, new ProblemError('not_found', detail))
      : handleNotFound(request, reply, methodsAt),
  );

  const hooks = {
    onRequest: [parts.loop.guard, ...limits.guards],
    onError: countRefusals({ add: parts.onRejected }),
    claimOf: limits.claimOf,
    countryOf: () => undefined,
    relayedByOf: ({ headers }: FastifyRequest) => {
      const names = readRelayedBy(headers);
      return names.length === 0 ? undefined : names;
    },
  };
  registerReportsRoute(app, parts.taker, hooks);
  registerStatisticsRoutes(app, parts.taker, hooks);
  registerUsersRoutes(app, {
    ...parts,
    signal: closing,
    guards: [parts.loop.guard, limitUsers(clientOf, monotonicMs)],
  });
  registerProbeRoutes(app, { ...parts, acknowledging: ON_DISK, isClosing: () => closing.aborted });
  registerStateRoutes(app, { ...parts, to: config.to, networks: config.metricsNetworks });
  return app;
}

function limitUsers(clientOf: KeyOf, nowMs: () => number): Guard {
  const limiter = createRateLimiter(
    { name: 'users', quota: USERS_PER_MINUTE, windowSeconds: 60 },
    nowMs,
  );
  return (request, reply) => {
    const key = clientOf(request);
    const verdict = key === undefined ? undefined : limiter.take(key);
    if (verdict === undefined) return Promise.resolve();
    sendLimit(reply, limiter.limit, verdict);
    if (verdict.isAllowed) return Promise.resolve();
    sendRetryAfter(reply, verdict);
    throw new LimitError(
      limiter.limit.name,
      `At most ${USERS_PER_MINUTE} requests in 60 seconds; see Retry-After.`,
    );
  };
}
