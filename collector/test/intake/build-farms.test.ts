import { describe, expect, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';

const FARMS = [
  ...[true, 1, 1.0, '1', '1.0', ' 1 ', 'true', 'TRUE', 't', 'T', 'yes', 'Yes', 'y', 'on', 'ON'],
  ...[
    'github',
    'gitlab',
    'GitHub Actions',
    'circleci',
    'no-ci',
    'teamcity 2026',
    'ci',
    'x',
    'unknown',
  ],
];

const PEOPLE = [
  ...[undefined, null, false, 0, -1, 2, 0.5, 1e300, [], ['github'], {}, { name: 'github' }],
  ...['', ' ', '\t\n', '0', '0.0', '-1', '-0', '2', '1e3', '0x10', '-', '--', '?', '…'],
  ...['false', 'False', ' false ', 'f', 'F', 'n', 'N', 'no', 'NO', 'not', 'never', 'none', 'None'],
  ...['nil', 'null', 'undefined', 'unset', 'off', 'Off', 'disabled', 'NaN', 'na', 'N/A'],
  ...['Infinity', '-Infinity'],
];

describe('the ci of a report', () => {
  it('makes a build farm of it by a clear yes or a name, and of nobody else', async () => {
    const collector = await startCollector();
    const all = [
      ...FARMS.map((ci) => ({ ci, isFarm: true })),
      ...PEOPLE.map((ci) => ({ ci, isFarm: false })),
    ];
    const { info } = fullReport();
    const reports = all.map(({ ci }, at) => ({
      ...fullReport({ project: `project-${at}` }),
      info: { ...info, ci },
    }));
    const answer = await collector.post('/v1/reports', { reports });
    expect(answer).toMatchObject({ status: 202, body: { accepted: all.length } });
    const wrong: string[] = [];
    for (const [at, { ci, isFarm }] of all.entries()) {
      const { body } = await collector.get(`/v1/stats/summary?project=project-${at}`);
      const counted = [body['total_users'], body['ci_users']];
      const expected = isFarm ? [0, 1] : [1, 0];
      if (counted.join() !== expected.join())
        wrong.push(`${JSON.stringify(ci)}: ${counted.join()}`);
    }
    expect(wrong).toEqual([]);
  });
});
