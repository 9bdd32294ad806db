// @ts-check
import { MANIFEST } from './program.mjs';
import { ENDED_RANGE, RELEASES } from './releases.mjs';
import { BURST_DAYS_AGO, DIP_DAYS_AGO } from './population.mjs';

const DAY_MS = 86_400_000;

/** @typedef {(method: 'PUT' | 'POST', path: string, body: object) => Promise<unknown>} Ask */

/**
 * Sets the invented projects up as an administrator does: what is told of them, what they may report,
 * and which days have notes.
 *
 * @param {Ask} ask
 * @param {{ project: string, young: string, empty: string, end: Date, days: number }} options
 */
export async function setUpProjects(ask, { project, young, empty, end, days }) {
  const invented = { invented: true, timezone: 'UTC' };
  await ask('PUT', `/v1/projects/${project}`, {
    ...{ ...invented, visibility: 'detailed', badge: true, ended: { version: ENDED_RANGE } },
    coverage: 'Acme’s own estimate: about one install in four reports.',
  });
  await ask('PUT', `/v1/projects/${project}/manifest`, MANIFEST);
  await ask('PUT', `/v1/projects/${young}`, { ...invented, timezone: 'Europe/Berlin' });
  await ask('PUT', `/v1/projects/${empty}`, invented);
  const note = (/** @type {number} */ daysAgo, /** @type {object} */ body) => {
    const date = new Date(end.getTime() - daysAgo * DAY_MS).toISOString().slice(0, 10);
    return ask('POST', `/v1/projects/${project}/annotations`, { date, ...body });
  };
  for (const { version, daysAgo, changes } of RELEASES) {
    if (daysAgo >= days) continue;
    await note(daysAgo, { text: `${version}: ${changes}`, public: true });
  }
  const dip = 'A proxy took the IDs out of reports, which were refused';
  if (DIP_DAYS_AGO < days) await note(DIP_DAYS_AGO, { kind: 'incident', text: dip });
  const burst = 'A newsletter showed how to try us by npx';
  if (BURST_DAYS_AGO < days) await note(BURST_DAYS_AGO, { text: burst, public: true });
}
