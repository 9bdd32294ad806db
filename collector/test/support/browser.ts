import type { InjectOptions } from 'fastify';
import type { Collector } from '../../src/collector.js';
import { ADMIN_TOKEN } from './admin-token.js';

/** What a browser sends with a request of a page of the collector itself. */
export const OWN_PAGE = { 'sec-fetch-site': 'same-origin' } as const;

/** What a browser has got by signing in. */
export interface SignedIn {
  /** The name and value of the cookie. */
  readonly cookie: string;
  readonly formKey: string;
  readonly expiresAt: string;
  readonly setCookie: string;
}

/** Signs in as a page of the collector does. */
export async function signIn(
  { app }: Pick<Collector, 'app'>,
  token = ADMIN_TOKEN,
  request: Pick<InjectOptions, 'headers' | 'remoteAddress'> = {},
): Promise<SignedIn> {
  const response = await app.inject({
    method: 'POST',
    url: '/v1/session',
    payload: { token },
    ...request,
    headers: { ...OWN_PAGE, ...request.headers },
  });
  if (response.statusCode !== 200) {
    throw new Error(`Signing in was answered with ${response.statusCode}: ${response.body}`);
  }
  const { form_key, expires_at } = response.json<{ form_key: string; expires_at: string }>();
  const setCookie = String(response.headers['set-cookie']);
  const [cookie = ''] = setCookie.split(';');
  return { cookie, formKey: form_key, expiresAt: expires_at, setCookie };
}
