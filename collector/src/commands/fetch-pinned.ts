import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';

/** The certificate that was presented is not the expected one. */
export class WrongCertificateError extends Error {
  override readonly name = 'WrongCertificateError';
}

export interface PinnedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** SHA-256 of the server's certificate, as `AB:CD:…`. */
  readonly fingerprint: string;
}

/**
 * Asks the server that has exactly this certificate, whatever names are in it and whoever has signed
 * it. Nothing is sent to another.
 *
 * @throws {@link WrongCertificateError}, or what the connection failed with.
 */
export async function fetchPinned(
  url: string,
  { method, headers, body, signal, fingerprint }: PinnedRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port, pathname, search } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  // The fingerprint below takes the place of the check that is switched off here.
  const socket = connect({ host, port: Number(port || 443), rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect', { signal });
    if (socket.getPeerX509Certificate()?.fingerprint256 !== fingerprint) {
      throw new WrongCertificateError(`The certificate is not the one with ${fingerprint}.`);
    }
    const asked = request({
      ...{ createConnection: () => socket, host, port, path: pathname + search },
      ...{ method, headers: { ...headers, connection: 'close' }, signal },
    });
    asked.end(body);
    const [answer] = (await once(asked, 'response', { signal })) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, text: await text(answer) };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    socket.destroy();
  }
}
