import { afterEach, describe, expect, it } from 'vitest';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import type { HeadcountOptions } from '../../src/options.js';
import { fakePlatform, type FakePlatformOptions } from '../support/fake-platform.js';

const FILE = '/home/ada/.config/headcount/collector.json';
const URL_LEFT = 'http://127.0.0.1:4711';
const FOUND = `${URL_LEFT}/v1/reports`;
const DEFAULT = 'http://127.0.0.1:8081/v1/reports';

const left = (fields: object = {}): string =>
  JSON.stringify({ url: URL_LEFT, pid: 77, started_at: '2026-11-22T20:00:00.000Z', ...fields });

/** An app that names no endpoint, on a machine where a collector has left this text. */
function start(
  text: string | undefined,
  more: FakePlatformOptions = {},
  options: HeadcountOptions = {},
) {
  const looks: string[] = [];
  const platform = fakePlatform({
    ...more,
    files: { ...(text !== undefined && { [FILE]: text }), ...more.files },
    disk(call, path) {
      if (path === FILE) looks.push(call);
      more.disk?.(call, path);
    },
  });
  const readOwn: string[] = [];
  const readOwnFile = (path: string): string | undefined => {
    readOwn.push(path);
    return platform.readOwnFile(path);
  };
  const headcount = createHeadcountOn(
    { ...platform, readOwnFile },
    { project: 'acme-cli', version: '2.3.1', ...options },
  );
  return { platform, headcount, looks, readOwn };
}

/** What the exit process is told of the endpoint; none is started for the default one. */
function endpointAtExit({ platform, headcount }: ReturnType<typeof start>): unknown {
  headcount.track();
  platform.end();
  return platform.childJobs[0];
}

afterEach(() => instances().clear());

describe('the address that a collector on this machine has left', () => {
  it('is taken as a named one, and the app’s record still says that none was named', () => {
    expect(endpointAtExit(start(left()))).toMatchObject({
      endpoint: { url: FOUND, form: 'batch', implicit: false, foundIn: FILE },
      app: expect.not.objectContaining({ endpoint: expect.anything() as string }) as object,
    });
  });

  it.each([
    'http://127.0.0.1:4711',
    'http://127.8.9.10:4711',
    'http://[::1]:4711',
    'http://localhost:4711',
    'http://127.0.0.1',
  ])('may be %s', (url) => {
    expect(endpointAtExit(start(left({ url })))).toMatchObject({
      endpoint: { url: `${url}/v1/reports`, implicit: false },
    });
  });

  it.each<[string, string, FakePlatformOptions?]>([
    ['a file that somebody else may have written', left(), { foreignFiles: [FILE] }],
    ['a collector that has ended', left(), { deadPids: [77] }],
    ['no JSON', '{"url":'],
    ['an empty file', ''],
    ['no object', '[]'],
    ['null', 'null'],
    ['no URL', left({ url: 'localhost' })],
    ['a URL that is no text', left({ url: [URL_LEFT] })],
    ['no pid', left({ pid: undefined })],
    ['the pid of a group of processes', left({ pid: 0 })],
    ['the pids of all processes', left({ pid: -1 })],
    ['a pid that is no number', left({ pid: '77' })],
    ['another machine', left({ url: 'http://192.168.1.7:8081' })],
    ['a name that only begins like this machine', left({ url: 'http://127.0.0.1.evil.com' })],
    ['a name below localhost', left({ url: 'http://a.localhost:8081' })],
    ['another machine, over https', left({ url: 'https://stats.acme.dev' })],
    ['this machine, over https', left({ url: 'https://127.0.0.1:8081' })],
    ['a user in front of the host', left({ url: 'http://127.0.0.1@evil.com' })],
    ['a user and this machine', left({ url: 'http://ada:secret@127.0.0.1:8081' })],
    ['a path', left({ url: 'http://127.0.0.1:8081/collect' })],
    ['a query', left({ url: 'http://127.0.0.1:8081/?action=statistics' })],
  ])('is not believed where there is %s', (_, text, more = {}) => {
    const started = start(text, more);
    expect(endpointAtExit(started)).toBeUndefined();
    expect(started.headcount.status().endpoint).toBe(DEFAULT);
  });

  it('is looked for once, with one stat, and nothing is read where there is none', () => {
    const started = start(undefined);
    expect(started.looks).toEqual([]);
    for (let count = 0; count < 3; count += 1) started.headcount.track();
    expect(started.headcount.status().endpoint).toBe(DEFAULT);
    started.platform.end();
    expect([started.looks, started.readOwn]).toEqual([['stat'], []]);
  });

  it('is not looked for where the folder cannot be looked into, and the report is kept', () => {
    const started = start(undefined, {
      disk(call, path) {
        if (path === FILE) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
        return call;
      },
    });
    expect(endpointAtExit(started)).toBeUndefined();
    expect(started.headcount.status()).toMatchObject({ endpoint: DEFAULT, queued: 1 });
  });

  it.each<[string, FakePlatformOptions, HeadcountOptions]>([
    ['in the code', {}, { endpoint: 'https://stats.acme.dev' }],
    ['in the environment', { env: { HEADCOUNT_ENDPOINT: 'https://stats.acme.dev' } }, {}],
    [
      'in the package.json',
      {
        mainScript: '/work/cli.js',
        files: {
          '/work/cli.js': '',
          '/work/package.json':
            '{"name":"acme-cli","headcount":{"endpoint":"https://stats.acme.dev"}}',
        },
      },
      {},
    ],
  ])('is not looked for where an endpoint is named %s', (_, more, options) => {
    const started = start(left(), more, options);
    expect(endpointAtExit(started)).toMatchObject({
      endpoint: { url: 'https://stats.acme.dev/v1/reports' },
    });
    expect([started.looks, started.readOwn]).toEqual([[], []]);
  });

  const choice = '/home/ada/.config/headcount/acme-cli/choice';
  it.each<[string, FakePlatformOptions, HeadcountOptions]>([
    ['by DO_NOT_TRACK', { env: { DO_NOT_TRACK: '1' } }, {}],
    ['by its own variable', { env: { ACME_CLI_TELEMETRY_DISABLED: '1' } }, {}],
    ['in the code', {}, { disabled: true }],
    ['under a test runner', { env: { VITEST: 'true' } }, {}],
    ['until the user opts in', {}, { mode: 'opt-in' }],
    ['by the user', { files: { [choice]: '{"telemetry":"off"}' } }, {}],
    ['and local', {}, { mode: 'local' }],
  ])('is not looked for where telemetry is off %s', (_, more, options) => {
    const started = start(left(), more, options);
    expect(endpointAtExit(started)).toBeUndefined();
    expect(started.headcount.status().endpoint).toBe(DEFAULT);
    expect([started.looks, started.readOwn]).toEqual([[], []]);
  });

  it('does not wait for the failures of the default address, but for those of the address that was left', () => {
    const now = Date.UTC(2026, 10, 22, 20, 58);
    const state = { failures: 9, notBeforeMs: now + 90_000, decidedAtMs: now };
    const file = '/home/ada/.config/headcount/acme-cli/delivery';
    const failed = (url: string) => ({
      files: { [file]: JSON.stringify({ 'this machine': { ...state, url } }) },
    });
    expect(endpointAtExit(start(left(), failed(DEFAULT)))).toBeDefined();
    instances().clear();
    const there = 'http://127.0.0.1:4711/v1/reports';
    expect(endpointAtExit(start(left(), failed(there)))).toBeUndefined();
  });
});
