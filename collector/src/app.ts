import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { registerAboutRoute } from './about-route.js';
import { clientAddress } from './access/client-address.js';
import type { Audit } from './access/audit.js';
import { auditRequests, registerAuditRoute } from './access/audit-route.js';
import { nameProject } from './access/name-project.js';
import { acceptForms } from './access/accept-forms.js';
import { createBrowserSessions } from './access/browser-sessions.js';
import { createAccess } from './access/create-access.js';
import { protectSessions } from './access/protect-sessions.js';
import { registerSessionRoutes } from './access/session-routes.js';
import type { Sessions } from './access/sessions.js';
import { registerTokenSessionsRoutes } from './access/token-sessions-routes.js';
import type { Tokens } from './access/tokens.js';
import { registerTokensRoutes } from './access/tokens-routes.js';
import { createGuards } from './access/guards.js';
import type { ProxyWatch } from './access/proxy-watch.js';
import { registerAnnotationsRoutes } from './access/annotations-routes.js';
import { registerProjectsRoutes } from './access/projects-routes.js';
import type { Projects } from './access/projects.js';
import type { App } from './app-types.js';
import { registerBrowserRules } from './access/register-browser-rules.js';
import { registerCleaningsRoutes } from './clean/cleanings-routes.js';
import type { AccessConfig } from './config.js';
import { createApp } from './create-app.js';
import { prefersHtml } from './dashboard/prefers-html.js';
import { registerDashboard } from './dashboard/register-dashboard.js';
import type { Countries } from './country/open-countries.js';
import type { Counting } from './counting/counting.js';
import { countLimits, countRefusals, createErrorHandler, handleNotFound } from './error-handler.js';
import { type Asker, createAsker } from './dashboard/page-session.js';
import { createOwnAsk } from './digest/ask-own.js';
import { registerExportRoute } from './export/export-route.js';
import { registerHealthRoute } from './health/health-route.js';
import { registerProbeRoutes } from './health/probe-routes.js';
import type { Probes } from './health/probes.js';
import type { Health } from './health/watch-health.js';
import type { FolderWatch } from './health/watch-folder.js';
import type { ErasureKeeper } from './erasures/erasure-keeper.js';
import { createAcknowledging } from './intake/acknowledging.js';
import type { ClockGuard } from './intake/clock-guard.js';
import { createIntake } from './intake/intake.js';
import { createLookUp } from './intake/look-up.js';
import { createNewIds } from './intake/new-ids.js';
import { createNewValues } from './intake/new-values.js';
import { acceptJson } from './intake/read-body.js';
import { createPace } from './intake/pace.js';
import type { Refusals } from './intake/refusals.js';
import { registerReportsRoute, registerStatisticsRoutes } from './intake/reports-route.js';
import type { JobRunner } from './jobs/job-runner.js';
import type { Journal } from './journal/journal.js';
import { createFailureLog } from './logs/failure-log.js';
import type { AccessLog } from './logs/logger.js';
import { registerFirstGenerationLogs } from './log-routes/first-generation-logs.js';
import { registerLiveLogsRoute } from './log-routes/live-logs-route.js';
import { createLogReader } from './log-routes/log-reader.js';
import { registerLogsRoutes } from './log-routes/logs-routes.js';
import type { LogTee } from './logs/log-tee.js';
import type { LineCount } from './logs/line-counts.js';
import type { Events } from './metrics/events.js';
import { createForecastWatch } from './metrics/forecast-watch.js';
import { createMetrics, type Metrics } from './metrics/metrics.js';
import { registerMetricsRoute } from './metrics/metrics-route.js';
import { collectRoutes } from './openapi/collect-routes.js';
import { registerOpenapiRoute } from './openapi/register-openapi.js';
import { watchNetwork } from './network/network-meter.js';
import { type HttpTimes, watchRequests } from './performance/http-times.js';
import { registerUsersRoutes } from './privacy/users-routes.js';
import { logRequests } from './request-log/log-requests.js';
import { registerRetentionRoutes } from './retention/retention-routes.js';
import type { Durability } from './rules/durability.js';
import type { Retention } from './rules/retention-classes.js';
import type { CellsFiles } from './stats/cells-files.js';
import type { Nodes } from './store/shared-store.js';
import { createCleaningsInEffect } from './stats/cleanings-in-effect.js';
import { createDailyCells } from './stats/daily-cells.js';
import { defineQuestions } from './stats/define-questions.js';
import { createHeldStates } from './stats/held-states.js';
import type { ListenerLimits } from './stats/listener-slots.js';
import { registerLiveRoute } from './stats/live-route.js';
import { registerProjectTotalsRoute } from './stats/project-totals-route.js';
import { registerPerformanceRoute } from './stats/performance-route.js';
import type { QuestionDesk } from './stats/question-desk.js';
import { registerRecentRoute } from './stats/recent-route.js';
import { registerQuestion } from './stats/register-question.js';
import type { ReaderOperations } from './store/store.js';
import type { Certificate } from './tls/open-certificate.js';
import { pageOf } from './inner-requests.js';
import { watchMethods } from './watch-methods.js';

/** The parts of the collector that routes use. */
export interface AppParts extends ListenerLimits {
  readonly journal: Pick<Journal, 'append' | 'epoch' | 'waitingReports'>;
  readonly erasures: Pick<ErasureKeeper, 'keep'>;
  readonly health: Pick<Health, 'look'>;
  readonly folderWatch: Pick<FolderWatch, 'requireFolder'>;
  readonly probes: Pick<Probes, 'journal' | 'data'>;
  readonly proxyWatch: Pick<ProxyWatch, 'observe'>;
  /** The lines of the log since the start. */
  readonly logLines: () => readonly LineCount[];
  readonly counting: Pick<
    Counting,
    | 'allCounted'
    | 'backlog'
    | 'caughtUp'
    | 'isCounted'
    | 'onCounted'
    | 'speed'
    | 'version'
    | 'behindSince'
    | 'failure'
    | 'isAlive'
  >;
  readonly store: ReaderOperations;
  readonly desk: Pick<QuestionDesk, 'answer' | 'makeCells' | 'openSnapshot' | 'performance'>;
  /** What the public was shown. */
  readonly cellsFiles: CellsFiles;
  readonly nodes: Pick<Nodes, 'up'>;
  /** The path below which a proxy offers the collector. */
  readonly basePath: string;
  /** The key of user hashes. */
  readonly pepper: Uint8Array;
  readonly projects: Projects;
  /** The projects of which reports have been counted before. */
  readonly countedProjects: readonly string[];
  /** Called when the first report of any other project is acknowledged. */
  readonly onFirstReport: (project: string) => void;
  readonly refusals: Refusals;
  readonly limits: Omit<AccessConfig, 'projects' | 'visibility'>;
  /** The table of countries, if one is named. */
  readonly countries: Pick<Countries, 'countryOf'> | undefined;
  /** With which the server speaks TLS; `undefined` without. */
  readonly certificate: Certificate | undefined;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly audit: Audit;
  readonly jobs: Pick<JobRunner, 'runNow' | 'states'>;
  readonly retention: Retention;
  readonly events: Events;
  readonly times: HttpTimes;
  /** Since when the collector runs. */
  readonly listeningSince: Date;
  /** The paths of the databases. */
  readonly databases: readonly string[];
  readonly maxJournalBytes: number;
  /** Where a report is when it is acknowledged. */
  readonly durability: Durability;
  /** Reports that may wait to be acknowledged. */
  readonly maxQueuedReports: number;
  /** How long they may wait for the store, in milliseconds. */
  readonly storeWaitMs: number;
  readonly logger: Logger;
  readonly requestLogger: Logger;
  readonly accessLog: AccessLog;
  readonly logTee: LogTee | undefined;
  /** The wall clock, for questions. */
  readonly now: () => Date;
  /** The wall clock, for moments that are stored. */
  readonly clock: ClockGuard;
  /** Milliseconds of a monotonic clock, for rates. */
  readonly monotonicMs: () => number;
}

/** The server, and the metrics that it also has. */
export interface BuiltApp {
  readonly app: App;
  readonly metrics: Metrics;
  /** Asks for pages, as their callers. */
  readonly asker: Asker;
}

/** Builds the server without listening. Closing it does not close the parts. */
export async function buildApp(parts: AppParts): Promise<BuiltApp> {
  const { limits, certificate } = parts;
  const { basePath, folderWatch } = parts;
  const { app, closing } = createApp({ ...limits, certificate, basePath, folderWatch });
  app.addHook('onRequest', (request, _reply, done) => {
    nameProject(request.params);
    done();
  });
  logRequests(app, parts);
  watchRequests(app, parts.times);
  const network = watchNetwork(app.server);
  app.addHook('onRequest', (request, _reply, done) => {
    if (pageOf(request) === undefined) parts.proxyWatch.observe(request);
    done();
  });
  await registerBrowserRules(app, limits);
  const routes = collectRoutes(app);
  const methodsAt = watchMethods(app);
  await app.register(cookie);
  const signIn = createBrowserSessions({
    ...parts,
    badToken: (request, reply) => guards.badToken(request, reply),
  });
  const access = createAccess(parts.projects, parts.tokens, {
    sessionOf: (request) => signIn.sessionOf(request),
    isCurrent: (id) => parts.sessions.isCurrent(id),
  });
  const guards = createGuards(
    limits,
    access,
    parts.monotonicMs,
    parts.now,
    parts.events.onLimitHit,
    () => parts.nodes.up,
  );
  const { reportLimits } = guards;
  acceptJson(app, limits.corsOrigins, (request, bytes) => {
    reportLimits.findClaim(request)?.takeBytes(bytes);
  });
  acceptForms(app);
  const failures = createFailureLog(parts);
  app.addHook('onClose', (_app, done) => {
    failures.close();
    done();
  });
  app.setErrorHandler(createErrorHandler(failures));
  app.setNotFoundHandler((request, reply) =>
    request.method === 'GET' && prefersHtml(request.headers.accept)
      ? dashboard.answerNotFound(request, reply)
      : handleNotFound(request, reply, methodsAt),
  );

  const lookUp = createLookUp(parts.monotonicMs);
  const acknowledging = createAcknowledging(parts);
  const intake = createIntake({
    ...parts,
    acknowledging,
    onAcknowledged: parts.events.onAcknowledged,
    pace: createPace(parts),
    newIds: createNewIds((users) => lookUp(async () => parts.store.areKnown({ users }))),
    newValues: createNewValues({
      perDay: limits.newValuesLimit,
      valuesOf: (project) => lookUp(async () => parts.store.values({ project })),
      nowMs: parts.monotonicMs,
    }),
  });
  protectSessions(app, signIn);
  app.addHook('onRequest', guards.level);
  app.addHook('onError', countLimits(parts.events.onLimitHit));
  const onFailure = (error: unknown): void =>
    failures.failed(error, 'an action is missing in the audit log');
  auditRequests(app, { ...parts, access, onFailure });
  const hooks = {
    onRequest: guards.reports,
    onError: countRefusals(parts.refusals),
    claimOf: reportLimits.claimOf,
    countryOf: (request: FastifyRequest) => parts.countries?.countryOf(clientAddress(request)),
  };
  registerReportsRoute(app, intake, hooks);
  registerStatisticsRoutes(app, intake, hooks);
  const cleanings = createCleaningsInEffect(parts.store);
  const dailyCells = createDailyCells({
    make: (question) => parts.desk.makeCells(question),
    ...{ k: limits.k, files: parts.cellsFiles, cleanings, logger: parts.logger },
  });
  const stats = {
    ...{ ...parts, access, dailyCells, k: limits.k },
    ...{ guards: guards.stats, clientOf: guards.clientOf },
  };
  const questions = { ...stats, clientOf: guards.askerOf };
  defineQuestions((question) => registerQuestion(app, questions, question));
  registerRecentRoute(app, stats);
  registerLiveRoute(app, { ...stats, onStream: parts.events.onStream });
  registerProjectTotalsRoute(app, stats);
  registerUsersRoutes(app, { ...parts, guards: guards.users });
  registerProjectsRoutes(app, parts);
  registerAnnotationsRoutes(app, {
    ...parts,
    makeNoteId: () => randomBytes(5).toString('hex'),
  });
  registerTokensRoutes(app, parts);
  registerTokenSessionsRoutes(app, parts);
  registerSessionRoutes(app, { access, signIn });
  registerAuditRoute(app, parts);
  registerCleaningsRoutes(app, { ...parts, onCleaning: () => cleanings.changed() });
  registerRetentionRoutes(app, parts);
  registerExportRoute(app, parts);
  registerHealthRoute(app, { ...parts, access, network });
  registerProbeRoutes(app, { ...parts, acknowledging, isClosing: () => closing.aborted });
  const ownAsk = createOwnAsk({ ...parts, k: limits.k, signal: closing });
  const forecasts = createForecastWatch({
    ask: ownAsk,
    zoneOf: (project) => parts.projects.zoneOf(project),
    now: parts.now,
    monotonicMs: parts.monotonicMs,
  });
  const metrics = createMetrics({ ...parts, network, forecasts });
  registerMetricsRoute(app, metrics);
  const reader = createLogReader(() => parts.logTee?.files);
  registerLogsRoutes(app, { ...parts, reader });
  registerLiveLogsRoute(app, { ...parts, access, clientOf: guards.clientOf });
  registerFirstGenerationLogs(app, { ...parts, reader });
  registerPerformanceRoute(app, { ...parts, guards: guards.stats, clientOf: guards.askerOf });
  const states = createHeldStates({
    ...parts,
    onFailure: (error) => failures.failed(error, 'the state of a page was not given back'),
  });
  const asker = createAsker({ app, states, clientOf: guards.clientOf });
  registerOpenapiRoute(app, { routes, basePath: parts.basePath });
  const dashboard = registerDashboard(app, {
    ...{ ...parts, access, asker, signIn, askOwn: ownAsk, k: limits.k },
    ...{ guards: guards.open, pageGuards: guards.stats },
    formKeyOf: (request) => signIn.sessionOf(request)?.formKey ?? null,
    onFailure: (error) => failures.failed(error, 'a page could not be made'),
  });
  registerAboutRoute(app, {
    ...{ ...dashboard, routes, durability: parts.durability },
    hasCountries: parts.countries !== undefined,
  });
  return { app, metrics, asker };
}
