import type { LookupFunction } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import connect from 'undici/lib/api/api-connect.js';
import buildConnectorFunction from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import DispatcherClass from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { isLoopback } from '../project/endpoint.js';

const CONNECT_TIMEOUT_MS = 3_000;

// undici's own index does this for all of its API; its proxy agent needs this one.
Object.assign(DispatcherClass.prototype, { connect });

type ProxyAgentParts = Agent.Options & {
  readonly clientFactory?: (
    proxy: URL,
    options: { readonly connect: buildConnector.connector },
  ) => Dispatcher;
};

/** How connections are made. */
export interface DispatcherOptions {
  readonly url: string;
  /** Name resolution for a thread of the host; a process of its own uses the system's. */
  readonly lookup: LookupFunction | undefined;
  /** Certificates to trust beside the runtime's own. */
  readonly ca: readonly string[] | undefined;
  /** Whether a connection may keep the process alive: never the host's. */
  readonly holdsProcess: boolean;
}

/**
 * The connections to one endpoint: through the proxies of the environment, as `HTTP_PROXY`,
 * `HTTPS_PROXY` and `NO_PROXY` in either case say, but never to a collector on the same machine.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const tls = {
    timeout: CONNECT_TIMEOUT_MS,
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
    return new Agent(agentOptions(tls, options)); // HTTPS_PROXY is no address
  }
}

function agentOptions(
  connect: buildConnector.BuildOptions,
  { holdsProcess }: DispatcherOptions,
): ProxyAgentParts {
  if (holdsProcess) return { connect, keepAliveTimeout: 1_000 };
  return {
    connect: unheld(buildConnectorFunction(connect)),
    // undici holds a connection again that is used a second time, so none is.
    pipelining: 0,
    // The connection to a proxy is made by another function than all others.
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
