import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { createLogger, describeError } from '../../../src/logs/logger.js';
import { startProcess } from '../../support/start-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { deployFile } from '../support/deploy-file.js';
import { fieldsOf, type Pipeline, runPipeline } from './run-pipeline.js';

const PIPELINE = JSON.parse(readFileSync(deployFile('elk/pipeline.json'), 'utf8')) as Pipeline;

interface Filebeat {
  readonly 'filebeat.inputs': readonly [
    {
      readonly type: string;
      readonly id: string;
      readonly paths: readonly string[];
      readonly parsers: readonly [{ readonly ndjson: { readonly target: string } }];
      readonly fields: Readonly<Record<string, string>>;
    },
  ];
  readonly 'output.elasticsearch': { readonly pipeline: string };
}

const FILEBEAT = parse(readFileSync(deployFile('elk/filebeat.yml'), 'utf8')) as Filebeat;
const [INPUT] = FILEBEAT['filebeat.inputs'];

/** The fields of the Elastic Common Schema that are used, and what is in them. */
const ECS: Readonly<Record<string, RegExp>> = {
  '@timestamp': /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/,
  'ecs.version': /^8\.\d+\.\d+$/,
  'event.kind': /^event$/,
  'event.dataset': /^headcount\.log$/,
  'service.name': /^headcount-collector$/,
  'service.type': /^headcount$/,
  message: /./,
  'log.level': /^(trace|debug|info|warn|error|fatal)$/,
  'log.logger': /^[a-z-]+$/,
  'http.request.id': /^[\da-f-]{36}$/,
  'http.request.method': /^[A-Z]+$/,
  'url.path': /^[/a-z]/,
  'http.response.status_code': /^[1-5]\d\d$/,
  'error.type': /^\w+$/,
  'error.code': /^\w+$/,
  'error.message': /./,
  'error.stack_trace': /\S+:\d+/,
};

/** What Elasticsearch would store of a line. */
function store(line: string): ReadonlyMap<string, unknown> {
  const { target } = INPUT.parsers[0].ndjson;
  const fields = fieldsOf({ [target]: JSON.parse(line) as object });
  // Filebeat may leave the text of the line there.
  fields.set('message', line);
  for (const [name, value] of Object.entries(INPUT.fields)) fields.set(name, value);
  runPipeline(PIPELINE, fields);
  return fields;
}

function expectEcs(fields: ReadonlyMap<string, unknown>): void {
  for (const [name, value] of fields) {
    if (name.startsWith('headcount.')) continue;
    const pattern = ECS[name];
    expect([name, pattern !== undefined]).toEqual([name, true]);
    expect([name, String(value)]).toEqual([name, expect.stringMatching(pattern ?? /^$/)]);
  }
  for (const name of ['@timestamp', 'message', 'log.level', 'log.logger', 'service.name']) {
    expect([...fields.keys()]).toContain(name);
  }
}

it('reads all files of a collector, and gives their members the names of ECS', async () => {
  expect([INPUT.type, FILEBEAT['output.elasticsearch'].pipeline]).toEqual([
    'filestream',
    'headcount',
  ]);
  const data = temporaryFolder();
  const args = ['--port', '0', '--no-announce', '--data', data, '--access-log', 'all'];
  const collector = await startProcess(args);
  const url = await collector.url();
  await fetch(`${url}/stats`);
  await fetch(`${url}/nowhere`);
  collector.child.kill('SIGTERM');
  await collector.ended;

  const patterns = INPUT.paths.map((path) => {
    const [, name = ''] = /^\$\{HEADCOUNT_DATA:[^}]+\}\/logs\/(.+)$/.exec(path) ?? [];
    return new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  });
  const files = readdirSync(join(data, 'logs'));
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !patterns.some((pattern) => pattern.test(file)))).toEqual([]);
  const stored = files
    .flatMap((file) => readFileSync(join(data, 'logs', file), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map(store);
  for (const fields of stored) expectEcs(fields);
  const request = stored.find((fields) => fields.get('url.path') === '/stats');
  expect(Object.fromEntries(request ?? [])).toMatchObject({
    ...{ message: 'request', 'http.request.method': 'GET', 'log.logger': 'requests' },
    'http.response.status_code': 200,
  });
});

it('stores the classes of performance lines apart from the numbers of requests', () => {
  const line = { level: 'info', time: '2026-11-28T12:00:00.000Z', source: 'requests' };
  const fields = store(
    JSON.stringify({ ...line, route: '/stats', status: '2xx', msg: 'performance' }),
  );
  expectEcs(fields);
  // Elasticsearch refuses a text in a field that has had numbers.
  expect(fields.get('headcount.status_class')).toBe('2xx');
  expect([...fields.keys()]).not.toContain('http.response.status_code');
});

it('gives the members of an error the names of ECS', () => {
  let line = '';
  const root = createLogger('info', { write: (text: string) => (line = text) });
  const error = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
  root.child({ source: 'server' }).error({ error: describeError(error) }, 'the disk failed');
  const fields = store(line);
  expectEcs(fields);
  expect(Object.fromEntries(fields)).toMatchObject({
    ...{ 'error.type': 'Error', 'error.code': 'SQLITE_IOERR', 'error.message': 'disk I/O error' },
    'error.stack_trace': expect.stringContaining('elk.test.ts') as string,
  });
  expect([...fields.keys()].filter((name) => name.startsWith('headcount.'))).toEqual([]);
});
