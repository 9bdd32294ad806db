import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

let collector: TestCollector;
beforeAll(async () => (collector = await startCollector({}, afterAll)));

let projects = 0;
const newProject = (): string => `acme-cli-${++projects}`;

/** Each fact as reported by one person, and the values that are counted. */
async function counted(
  project: string,
  fact: string,
  values: readonly string[],
): Promise<Record<string, number>> {
  for (const [at, value] of values.entries()) {
    const report = fullReport({ project, anonymous_id: `user-${at}` });
    const answer = await collector.post('/v1/reports', {
      ...report,
      info: { ...report.info, [fact]: value },
    });
    expect(answer.status).toBe(202);
  }
  const { body } = await collector.get(
    `/v1/stats/breakdown?project=${project}&dimension=${fact}&limit=100`,
  );
  const rows = body['rows'] as { value: string; count: number }[];
  return Object.fromEntries(rows.map(({ value, count }) => [value, count]));
}

describe('facts are folded at intake', () => {
  it.each([
    ['version', ['v1.2', '1.2.0', 'V1.2.0', '1.2', ' 1.2 ', '１.２'], { '1.2.0': 6 }],
    ['version', ['1', 'v1.0', '1.0.0'], { '1.0.0': 3 }],
    ['version', ['1.2-rc.1', 'v1.2.0-RC.1'], { '1.2.0-rc.1': 2 }],
    ['version', ['1.2+b5', '1.2.0+B5', '1.2.0'], { '1.2.0+b5': 2, '1.2.0': 1 }],
    [
      'version',
      ['1.2.3.4', '1.0rc1', '1!2.0.post1'],
      { '1.2.3.4': 1, '1.0rc1': 1, '1!2.0.post1': 1 },
    ],
    ['version', ['Nightly', 'nightly'], { nightly: 2 }],
    ['os', ['Linux', 'linux', 'LINUX', 'Ｌｉｎｕｘ'], { Linux: 4 }],
    ['os', ['darwin', 'Darwin', 'macos', 'macOS'], { Darwin: 2, macOS: 2 }],
    ['os', ['cygwin_nt-10.0-19045', 'CYGWIN_NT-10.0-19045'], { 'CYGWIN_NT-10.0-19045': 2 }],
    ['arch', ['amd64', 'AMD64', 'x64', 'X64'], { amd64: 2, x64: 2 }],
    ['runtime', ['node', 'Node', 'NODE'], { node: 3 }],
    ['runtime_version', ['v20.20', '20.20', 'V20.20'], { '20.20': 3 }],
    ['os_version', ['xp', 'XP', '10.0'], { XP: 2, '10.0': 1 }],
    ['agent', ['Claude', 'claude'], { claude: 2 }],
    ['os', ['Unknown', 'OTHER', 'my own'], { unknown: 1, other: 2 }],
  ])('%s %j', async (fact, values, expected) => {
    expect(await counted(newProject(), fact, values)).toEqual(expected);
  });

  it.each([
    ['runtime', ['acme engine', 'ACME ENGINE', 'node'], { 'Acme Engine': 2, other: 1 }],
    ['version', ['V1.5', '1.5.0', '2', '2.0.0', '3.0.0'], { '1.5.0': 2, '2.0.0': 2, other: 1 }],
    ['os', ['linux', 'Darwin'], { Linux: 1, other: 1 }],
  ])('as a manifest spells them: %s', async (fact, values, expected) => {
    const project = newProject();
    const set = await collector.app.inject({
      ...{ method: 'PUT', url: `/v1/projects/${project}/manifest`, headers: withToken() },
      payload: {
        ...{ manifest_version: 1, project, report: {} },
        facts: { runtime: ['Acme Engine'], version: ['v1.*', '2.0'], os: ['LINUX'] },
        events: { startup: { description: 'x', fields: {} } },
      },
    });
    expect(set.statusCode).toBe(200);
    expect(await counted(project, fact, values)).toEqual(expected);
  });
});

it('texts of fields are in one form of Unicode', async () => {
  const project = newProject();
  for (const word of ['caf\u00e9', 'cafe\u0301']) {
    const report = { ...fullReport({ project }), event: 'build', fields: { kind: word } };
    expect((await collector.post('/v1/reports', report)).status).toBe(202);
  }
  const { body } = await collector.get(
    `/v1/stats/breakdown?project=${project}&dimension=field:build.kind`,
  );
  expect(body['rows']).toMatchObject([{ value: 'caf\u00e9', count: 2 }]);
});
