// @ts-check
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

/**
 * Offers an address that signs the browser that opens it in, and sends it to a page of the collector. It
 * works once: who reads it later, in a history or a log, has nothing. The token stays here; see ADR 0060.
 *
 * @param {object} options
 * @param {string} options.address the collector's
 * @param {string} options.token
 * @param {string} options.path of the page
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function openSignInLink({ address, token, path }) {
  const code = randomBytes(24).toString('base64url');
  let isUsed = false;
  const server = createServer((request, response) => {
    const answer = (/** @type {number} */ status, headers = {}, text = '') => {
      response.writeHead(status, { 'cache-control': 'no-store', connection: 'close', ...headers });
      response.end(text);
    };
    const said = Buffer.from(request.url?.slice(1) ?? '');
    const isRight = said.length === code.length && timingSafeEqual(said, Buffer.from(code));
    if (request.method !== 'GET' || request.headers.host !== host() || !isRight) {
      return answer(404);
    }
    if (isUsed) return answer(303, { location: address + path });
    isUsed = true;
    signIn(address, token).then(
      (cookies) => answer(303, { location: address + path, 'set-cookie': cookies }),
      (error) => {
        isUsed = false;
        answer(502, { 'content-type': 'text/plain' }, `${error.message}\n`);
      },
    );
  });
  // A host has its cookies for all its ports, so it must be the collector's own.
  const { hostname } = new URL(address);
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, hostname, () => resolve(undefined));
  });
  const host = () => {
    const at = server.address();
    return `${hostname}:${at !== null && typeof at === 'object' ? at.port : ''}`;
  };
  return {
    url: `http://${host()}/${code}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The cookies of a new session, as a page of the collector would get them. */
async function signIn(/** @type {string} */ address, /** @type {string} */ token) {
  const response = await fetch(`${address}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) throw new Error(`The collector answered the sign-in with ${response.status}.`);
  return response.headers.getSetCookie();
}
