import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import { registerAboutRoute } from './about-route.js';
import { clientAddress } from './access/client-address.js';
import { auditRequests, registerAuditRoute } from './access/audit-route.js';
import { nameProject } from './access/name-project.js';
import { acceptForms } from './access/accept-forms.js';
import { createBrowserSessions } from './access/browser-sessions.js';
import { createAccess } from './access/create-access.js';
import { protectSessions } from './access/protect-sessions.js';
import { registerSessionRoutes } from './access/session-routes.js';
import { registerTokenSessionsRoutes } from './access/token-sessions-routes.js';
import { registerTokensRoutes } from './access/tokens-routes.js';
import { createGuards } from './access/guards.js';
import { registerAnnotationsRoutes } from './access/annotations-routes.js';
import { registerProjectsRoutes } from './access/projects-routes.js';
import type { AppParts, BuiltApp } from './app-parts.js';
import { registerBrowserRules } from './access/register-browser-rules.js';
import { registerCleaningsRoutes } from './clean/cleanings-routes.js';
import { createApp } from './create-app.js';
import { prefersHtml } from './dashboard/prefers-html.js';
import { registerDashboard } from './dashboard/register-dashboard.js';
import { countLimits, countRefusals, createErrorHandler, handleNotFound } from './error-handler.js';
import { createAsker } from './dashboard/page-session.js';
import { createOwnAsk } from './digest/ask-own.js';
import { registerExportRoute } from './export/export-route.js';
import { registerHealthRoute } from './health/health-route.js';
import { registerProbeRoutes } from './health/probe-routes.js';
import { createAcknowledging } from './intake/acknowledging.js';
import { createIntake } from './intake/intake.js';
import { createLookUp } from './intake/look-up.js';
import { createNewIds } from './intake/new-ids.js';
import { createNewValues } from './intake/new-values.js';
import { acceptJson } from './intake/read-body.js';
import { createPace } from './intake/pace.js';
import { registerReportsRoute, registerStatisticsRoutes } from './intake/reports-route.js';
import { createFailureLog } from './logs/failure-log.js';
import { registerFirstGenerationLogs } from './log-routes/first-generation-logs.js';
import { registerLiveLogsRoute } from './log-routes/live-logs-route.js';
import { createLogReader } from './log-routes/log-reader.js';
import { registerLogsRoutes } from './log-routes/logs-routes.js';
import { createForecastWatch } from './metrics/forecast-watch.js';
import { createMetrics } from './metrics/metrics.js';
import { registerMetricsRoute } from './metrics/metrics-route.js';
import { collectRoutes } from './openapi/collect-routes.js';
import { registerOpenapiRoute } from './openapi/register-openapi.js';
import { watchNetwork } from './network/network-meter.js';
import { watchRequests } from './performance/http-times.js';
import { registerUsersRoutes } from './privacy/users-routes.js';
import { logRequests } from './request-log/log-requests.js';
import { registerGoneCollectorRoute } from './health/gone-collector-route.js';
import { registerRetentionRoutes } from './retention/retention-routes.js';
import { createCleaningsInEffect } from './stats/cleanings-in-effect.js';
import { createDailyCells } from './stats/daily-cells.js';
import { defineQuestions } from './stats/define-questions.js';
import { createHeldStates } from './stats/held-states.js';
import { registerLiveRoute } from './stats/live-route.js';
import { registerProjectTotalsRoute } from './stats/project-totals-route.js';
import { registerPerformanceRoute } from './stats/performance-route.js';
import { registerRecentRoute } from './stats/recent-route.js';
import { registerQuestion } from './stats/register-question.js';
import { pageOf } from './inner-requests.js';
import { watchMethods } from './watch-methods.js';

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
  registerUsersRoutes(app, {
    ...parts,
    acknowledging: createAcknowledging({ ...parts, durability: parts.deletionDurability }),
    guards: guards.users,
  });
  registerProjectsRoutes(app, parts);
  registerAnnotationsRoutes(app, {
    ...parts,
    makeNoteId: () => randomBytes(5).toString('hex'),
  });
  registerTokensRoutes(app, parts);
  registerTokenSessionsRoutes(app, parts);
  registerSessionRoutes(app, { access, signIn });
  registerAuditRoute(app, parts);
  registerGoneCollectorRoute(app, parts);
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
