import { ADMIN_TOKEN } from './admin-token.js';
import type { Visit } from './report-visits.js';
import type { TestCollector } from './start-collector.js';

/** Changes the settings of a project. */
export async function changeProject(
  { app }: Pick<TestCollector, 'app'>,
  settings: object,
  project = 'acme-cli',
): Promise<void> {
  const { statusCode, body } = await app.inject({
    method: 'PUT',
    url: `/v1/projects/${encodeURIComponent(project)}`,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    payload: JSON.stringify(settings),
  });
  if (statusCode !== 200) throw new Error(`Not changed: ${body}`);
}

/** Visits of so many people on one day. */
export const people = (count: number, at: string, name = 'person'): Visit[] =>
  Array.from({ length: count }, (_, n) => ({ user: `${name}-${n}`, at }));
