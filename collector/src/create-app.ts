import { randomUUID } from 'node:crypto';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify } from 'fastify';
import { createProxyTrust } from './access/client-address.js';
import type { App } from './app-types.js';
import { compileAtFirstUse } from './compile-at-first-use.js';
import type { AccessConfig } from './config.js';
import { answerUnreadablePath, handleClientError } from './error-handler.js';
import { ProblemError } from './errors.js';
import type { FolderWatch } from './health/watch-folder.js';
import { MAX_BODY_BYTES } from './intake/limits.js';
import { closeWhenSilent } from './network/close-when-silent.js';
import { createTlsServer } from './tls/create-tls-server.js';
import type { Certificate } from './tls/open-certificate.js';

/** An ID of 128 characters takes up to 1536 in a path. The schema refuses longer IDs. */
const MAX_PATH_PARAMETER = 16_384;

/** How long a client may take to send a request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 15_000;

/** How long a client may take to send a request's headers, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;

/** How often clients are checked for being slow, in milliseconds. */
const CHECK_EVERY_MS = 1000;

/** How long a connection may be silent, in milliseconds. A silent client may be gone. */
const SILENCE_MS = 60_000;

/** Methods of requests that keep nothing. */
const READING: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

export interface AppSettings extends Pick<AccessConfig, 'trustedProxies' | 'keepAliveMs'> {
  /** With which the server speaks TLS; `undefined` without. */
  readonly certificate: Certificate | undefined;
  /** The path below which a proxy offers the server. */
  readonly basePath: string;
  readonly folderWatch: Pick<FolderWatch, 'requireFolder'>;
}

export interface CreatedApp {
  readonly app: App;
  /** Aborted as soon as the server is told to close. */
  readonly closing: AbortSignal;
}

/**
 * Creates a server without routes, with the bounds that every one has: it refuses requests once it
 * closes, and those that keep something while there is no data folder.
 */
export function createApp({
  trustedProxies,
  keepAliveMs,
  certificate,
  basePath,
  folderWatch,
}: AppSettings): CreatedApp {
  const app: App = fastify({
    // Fastify's log quotes URLs and addresses.
    logger: false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: SILENCE_MS,
    keepAliveTimeout: keepAliveMs,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CHECK_EVERY_MS },
    ...(certificate !== undefined && { serverFactory: createTlsServer(certificate) }),
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies.length > 0 && createProxyTrust(trustedProxies),
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER, ignoreTrailingSlash: true },
    rewriteUrl: ({ url = '/' }) => belowBasePath(url, basePath),
    frameworkErrors: answerUnreadablePath,
    clientErrorHandler: handleClientError,
    // Serializers that are compiled for each answer would take megabytes.
    schemaController: { compilersFactory: { buildSerializer: () => () => JSON.stringify } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(compileAtFirstUse());

  const ending = new AbortController();
  const closing = ending.signal;
  app.addHook('preClose', (done) => {
    ending.abort();
    done();
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const { isAnsweredWhileClosing = false } = request.routeOptions.config;
    if (closing.aborted && !isAnsweredWhileClosing)
      throw new ProblemError('closing', 'Send the request again later.');
    if (!READING.includes(request.method)) folderWatch.requireFolder();
  });
  closeWhenSilent(app.server);
  return { app, closing };
}

/** Takes the base path out of a request, where a proxy has left it in. */
function belowBasePath(url: string, basePath: string): string {
  if (basePath === '' || !url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}
