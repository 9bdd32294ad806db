import { expect, it } from 'vitest';
import type { OverviewContent } from '../../web/page/overview-content.js';
import { type Asked, RefusedError } from '../../src/dashboard/gather.js';
import { gatherOverview } from '../../src/dashboard/pages/gather-overview.js';

const AS_OF = '2026-11-22T20:00:00Z';

const REFUSAL = { ok: false, status: 503, code: 'busy', detail: 'Too much to do.' } as const;

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/v1/stats/support': {
    ...{ total: 9, ended: [], values_left_out: 0 },
    rows: [{ of: null, value: '1.0.0', people: 9, share: 1, people_from_here: 9, ended: null }],
  },
};

/** A collector that answers the versions of people alone. */
const ASKED: Asked = {
  ...{ project: 'acme-cli', query: {}, level: 'administrator', timezone: 'UTC', k: 10 },
  ...{ asOf: AS_OF, now: AS_OF },
  view: { range: '7d', from: '2026-11-16', to: '2026-11-22', today: '2026-11-22', compare: 'none' },
  ask: () => Promise.resolve(REFUSAL),
  need: () => Promise.reject(new RefusedError(REFUSAL)),
  want: <Body>(path: string) => {
    const answer = ANSWERS[path];
    return answer === undefined
      ? Promise.reject(new RefusedError(REFUSAL))
      : Promise.resolve(answer as Body);
  },
};

it('says that versions could not be made where their order, and so their colours, are not known', async () => {
  const content = (await gatherOverview(ASKED)) as OverviewContent;
  const { versions } = content;
  // As visibly as the other parts that were refused.
  expect(versions).toMatchObject({ state: 'failed' });
  expect(versions).toEqual(content.active);
});
