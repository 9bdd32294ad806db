import type { ClientRequest } from 'node:http';
import type { LookupFunction, Socket } from 'node:net';
import type { Readable, ReadableOptions } from 'node:stream';

/** The network, as sending takes it from the platform. */
export interface Network {
  /** A socket that is connecting to an IP address. */
  tcp(address: string, port: number): Socket;
  /**
   * TLS over a connected socket. Certificates are always checked, whatever the environment says.
   *
   * @param extraCa - certificates to trust besides those that this process trusts, as PEM
   */
  tls(socket: Socket, hostname: string, extraCa: string | undefined): Socket;
  /**
   * A request over a connected socket, by Node's own client.
   *
   * @param headers - names and values in turn: all headers, in the order they are sent
   */
  request(
    socket: Socket,
    head: { readonly method: string; readonly path: string; readonly headers: readonly string[] },
  ): ClientRequest;
  /** A stream of what is pushed into it. */
  readable(options: Pick<ReadableOptions, 'read' | 'destroy'>): Readable;
  /** The system's resolver. It may hang, so it is used only where that holds up nobody. */
  readonly systemLookup: LookupFunction;
  /** 4 or 6 for an IP address, 0 for a name. */
  ipFamily(text: string): number;
  /** Whether an IP address is in a subnet, such as `10.0.0.0` and 8. */
  isInSubnet(address: string, subnet: string, bits: number): boolean;
  /** Calls back once. Returns how to cancel it. */
  after(ms: number, callback: () => void): () => void;
}

/** An error with a code that says what happened: codes are shown to the user. */
export const networkFault = (code: string, cause?: unknown): Error =>
  Object.assign(new Error(code, { cause }), { code });

/** Why a request was aborted, as an error. */
export const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error('aborted', { cause: reason });

/** A host and port, and whether TLS is spoken there. */
export interface Target {
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** The target of a URL. */
export function targetOf({ protocol, hostname, port }: URL, defaultPort?: number): Target {
  const isTls = protocol === 'https:';
  return {
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (defaultPort ?? (isTls ? 443 : 80)),
    isTls,
  };
}
