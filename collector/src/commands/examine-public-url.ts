import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { errorMessage } from '../error-message.js';
import { MOST_RELAYS, RELAYED_BY } from '../rules/relays.js';
import { DAY_MS } from '../rules/day.js';
import { AskError, request } from './ask-collector.js';
import type { Diagnosis } from './diagnosis.js';

const ANSWER_WITHIN_MS = 10_000;

/** A certificate is renewed a month before its end as a rule; this is late. */
const FEW_DAYS = 14;

/** Examines whether clients reach the collector by its public URL: TLS, and that it answers. */
export async function examinePublicUrl(url: string, now: () => Date): Promise<Diagnosis[]> {
  return [
    url.startsWith('https:') ? await examineTls(url, now) : tellPlain(url),
    { ...(await examineAnswer(url)), what: 'public URL' },
  ];
}

/** Examines the way from a relay to its collector. Whether it has TLS was decided at the start. */
export async function examineUpstream(to: string, now: () => Date): Promise<Diagnosis[]> {
  const tls = to.startsWith('https:') ? [await examineTls(to, now)] : [];
  const answer = await examineAnswer(to);
  const way = answer.state === 'ok' ? ((await examineWay(to)) ?? answer) : answer;
  return [...tls, way].map((one) => ({ ...one, what: `${one.what} of --to` }));
}

const tellPlain = (url: string): Diagnosis => ({
  what: 'TLS',
  state: 'warn',
  text: `${url} has no TLS: reports and tokens can be read on their way. Use https.`,
});

async function examineTls(url: string, now: () => Date): Promise<Diagnosis> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = connect({ host, port: Number(port || 443), ...name, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return describeCertificate(socket, now());
  } catch (error) {
    const text = `No TLS at ${host}: ${errorMessage(error)}. Look at the proxy, its port and firewall.`;
    return { what: 'TLS', state: 'fail', text };
  } finally {
    socket.destroy();
  }
}

function describeCertificate(socket: TLSSocket, now: Date): Diagnosis {
  const end = Date.parse(socket.getPeerCertificate().valid_to);
  const days = Math.floor((end - now.getTime()) / DAY_MS);
  const until = Number.isNaN(end) ? '' : `, and its certificate holds for ${days} days`;
  if (!socket.authorized) {
    const why = String(socket.authorizationError);
    const text = `Clients do not trust the certificate (${why}): serve one with its whole chain, for this name.`;
    return { what: 'TLS', state: 'fail', text };
  }
  if (days < FEW_DAYS) {
    const text = `The certificate ends in ${days} days: renew it, and look why it was not renewed.`;
    return { what: 'TLS', state: 'warn', text };
  }
  return { what: 'TLS', state: 'ok', text: `TLS works${until}.` };
}

/**
 * Asks for a person whom nobody has, which every relay on the way passes on: one that is asked twice says so.
 *
 * @returns What is wrong, if anything is.
 */
async function examineWay(to: string): Promise<Diagnosis | undefined> {
  const nobody = `nobody-${randomUUID()}`;
  const question = {
    ...{ url: to, path: `/v1/users/${nobody}?project=headcount-doctor`, token: undefined },
    ...{ headers: { [RELAYED_BY]: nobody }, answerWithinMs: ANSWER_WITHIN_MS },
  };
  try {
    const { body } = await request(question);
    const code = body?.['code'];
    if (code === 'loop_detected') {
      const text =
        `The way by ${to} leads in a circle of relays, or by more than ${MOST_RELAYS}, and to no collector. ` +
        'Set --to of a relay in it to the URL of the collector. Reports are kept.';
      return { what: 'answer', state: 'fail', text };
    }
    if (code !== 'failing') return undefined;
    const text = `${to} answers, and what is behind it does not: ${String(body?.['detail'])}`;
    return { what: 'answer', state: 'warn', text };
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    return { what: 'answer', state: 'fail', text: error.message };
  }
}

async function examineAnswer(url: string): Promise<Diagnosis> {
  try {
    const question = { url, path: '/livez', token: undefined, answerWithinMs: ANSWER_WITHIN_MS };
    const { status, body } = await request(question);
    if (status === 200 && body?.['status'] === 'ok') {
      return { what: 'answer', state: 'ok', text: `The collector answers at ${url}.` };
    }
    const text =
      `What answers at ${url} is not the collector (status ${status}): let the proxy pass on ` +
      'requests, with the path below which it offers the collector in --base-path.';
    return { what: 'answer', state: 'fail', text };
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    return { what: 'answer', state: 'fail', text: error.message };
  }
}
