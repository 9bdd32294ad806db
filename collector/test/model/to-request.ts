import type { NaiveCount } from './naive-count.js';
import type { Declared, WireReport } from './naive-report.js';
import type { Step } from './steps.js';

export { ADMIN_TOKEN as TOKEN } from '../support/admin-token.js';

const text = { description: 'For the test' };

/** What projects declare, as their manifest and as the model reads it. */
const EVENTS = {
  startup: { ...text, fields: {} },
  build: {
    ...text,
    fields: {
      bundler: { ...text, kind: 'enum', values: ['vite', 'webpack'] },
      cached: { ...text, kind: 'boolean' },
      size: { ...text, kind: 'bucket', bounds: [100], values: ['<100', '>=100'] },
    },
  },
};
const DECLARED: Declared = {
  startup: {},
  build: { bundler: ['vite', 'webpack'], cached: [true, false], size: ['<100', '>=100'] },
};

/** A request, and what must come of it. */
export interface Request {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly payload?: object;
  /** The address that it comes from; this machine's without it. */
  readonly from?: string;
  readonly status: number;
}

/**
 * Does a step to the model.
 *
 * @param sent - All reports sent so far; more are added.
 * @returns The request that does the same to a collector.
 */
export function toRequest(
  step: Step,
  now: number,
  count: NaiveCount,
  sent: WireReport[],
  countryOf?: (address: string) => string,
): Request | undefined {
  const project = 'project' in step ? encodeURIComponent(step.project) : '';
  switch (step.kind) {
    case 'reports': {
      sent.push(...step.reports);
      const { from } = step;
      const country = countryOf?.(from ?? '127.0.0.1');
      const taken = count.take(step.reports, now, step.sentAt, country);
      const origin = from === undefined ? {} : { from };
      const sent_at = step.sentAt;
      const batch = { ...(sent_at !== undefined && { sent_at }), reports: step.reports };
      if (step.path === '/v1/reports') {
        const status = taken > 0 ? 202 : 422;
        return { method: 'POST', url: step.path, payload: batch, status, ...origin };
      }
      const payload = step.reports[0] ?? {};
      return { method: 'POST', url: step.path, payload, status: 200, ...origin };
    }
    case 'again': {
      const known = step.which.map((n) => sent[n % sent.length]).filter((one) => one !== undefined);
      if (known.length === 0) return undefined;
      const { as } = step;
      const reports = known.map((report) =>
        as === undefined ? report : { ...report, anonymous_id: as },
      );
      const country = countryOf?.('127.0.0.1');
      const status = count.take(reports, now, undefined, country) > 0 ? 202 : 422;
      return { method: 'POST', url: '/v1/reports', payload: { reports }, status };
    }
    case 'delete':
      count.delete(step.project, step.user, now);
      return { method: 'DELETE', url: `/v1/users/${step.user}?project=${project}`, status: 202 };
    case 'zone': {
      count.setZone(step.project, step.zone);
      const payload = { timezone: step.zone };
      return { method: 'PUT', url: `/v1/projects/${project}`, payload, status: 200 };
    }
    case 'manifest': {
      count.declare(step.project, step.isThere ? DECLARED : undefined);
      const url = `/v1/projects/${project}/manifest`;
      if (!step.isThere) return { method: 'DELETE', url, status: 204 };
      const manifest = { manifest_version: 1, project: step.project, report: {}, events: EVENTS };
      return { method: 'PUT', url, payload: manifest, status: 200 };
    }
  }
}
