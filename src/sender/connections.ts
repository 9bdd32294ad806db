import type { LookupFunction } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import connect from 'undici/lib/api/api-connect.js';
import request from 'undici/lib/api/api-request.js';
import buildConnectorFunction from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import DispatcherClass from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { isLoopback } from '../project/parse-endpoint.js';

const CONNECT_TIMEOUT_MS = 3_000;

// undici's index adds all of its API to this class; the proxy agent needs this method.
Object.assign(DispatcherClass.prototype, { connect });

type ProxyAgentParts = Agent.Options & {
  readonly clientFactory?: (
    proxy: URL,
    options: { readonly connect: buildConnector.connector },
  ) => Dispatcher;
};

/** How connections are made. */
export interface ConnectionOptions {
  readonly url: string;
  /** Resolves names inside the host's process; the child uses the system's resolver. */
  readonly lookup: LookupFunction | undefined;
  /** All certificates to trust, as PEM; `undefined` for the runtime's. */
  readonly ca: readonly string[] | undefined;
  /** Whether a connection may keep the process alive. False in the host's thread. */
  readonly holdsProcess: boolean;
}

/** Open connections to one collector. The only part that loads undici. */
export interface Connections {
  /** One request. Resolves with the answer's head; its body is a stream. */
  send(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

/**
 * Connects through the proxies that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name, in either
 * case, but directly to a collector on the same machine.
 */
export function openConnections(options: ConnectionOptions): Connections {
  const dispatcher = dispatcherFor(options);
  return {
    send: (sent) =>
      new Promise((resolve, reject) =>
        request.call(dispatcher, sent, (error, data) => (error ? reject(error) : resolve(data))),
      ),
    close: () => dispatcher.destroy(),
  };
}

function dispatcherFor(options: ConnectionOptions): Dispatcher {
  const tls = {
    timeout: CONNECT_TIMEOUT_MS,
    keepAlive: false, // a request ends long before the first probe, and some systems refuse it
    ...(options.lookup && { lookup: options.lookup }),
    ...(options.ca && { ca: [...options.ca] }),
  };
  if (isLoopback(new URL(options.url))) return new Agent(agentOptions(tls, options));
  try {
    return new EnvHttpProxyAgent({
      ...agentOptions(tls, options),
      proxyTls: tls,
      requestTls: tls,
    });
  } catch {
    return new Agent(agentOptions(tls, options)); // HTTPS_PROXY is not a URL
  }
}

function agentOptions(
  connect: buildConnector.BuildOptions,
  { holdsProcess }: ConnectionOptions,
): ProxyAgentParts {
  if (holdsProcess) return { connect, keepAliveTimeout: 1_000 };
  return {
    connect: unheld(buildConnectorFunction(connect)),
    // undici refs a socket when it reuses it, so no socket is reused.
    pipelining: 0,
    // undici connects to a proxy by another function than to a collector.
    clientFactory: (proxy, { connect: toProxy }) =>
      new Pool(proxy, { connect: unheld(toProxy), pipelining: 0 }),
  };
}

/** A connector whose sockets never keep the process alive. */
function unheld(connectHeld: buildConnector.connector): buildConnector.connector {
  return (target, callback) => {
    // The cast: the types do not say that the socket is returned before it is connected.
    const socket = connectHeld(target, callback) as unknown as { unref?: () => void } | undefined;
    socket?.unref?.();
  };
}
