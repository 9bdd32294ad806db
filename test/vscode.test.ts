import { afterEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { createHeadcount, globalStateStorage } from '../src/vscode.js';
import type { VscodeContext, VscodeEnv, VscodeOptions } from '../src/vscode.js';
import type { Report } from '../src/wire/report.js';

afterEach(() => void vi.unstubAllEnvs());

/** A collector that notes what it gets, and an editor with one extension. */
function editor(state = new Map<string, unknown>()) {
  const listeners = new Set<(isEnabled: boolean) => void>();
  const reports: Report[] = [];
  const signals: (AbortSignal | null | undefined)[] = [];
  let isEnabled = true;
  let answer = (): Promise<Response> => Promise.resolve(Response.json({ rejected: [] }));
  const env: VscodeEnv = {
    get isTelemetryEnabled() {
      return isEnabled;
    },
    onDidChangeTelemetryEnabled(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
  const context = {
    globalState: {
      get: (key: string) => state.get(key),
      update: (key: string, value: unknown) =>
        Promise.resolve(value === undefined ? void state.delete(key) : void state.set(key, value)),
    },
    extension: {
      packageJSON: {
        name: 'acme-lint',
        version: '1.2.3',
        headcount: { endpoint: 'https://stats.acme.dev' },
      },
    },
    extensionMode: 1,
    subscriptions: [] as { dispose(): unknown }[],
  } satisfies VscodeContext;
  const turn = (on: boolean): void => {
    isEnabled = on;
    for (const listener of listeners) listener(on);
  };
  const restart = (): void => context.subscriptions.splice(0).forEach((item) => item.dispose());
  const start = (options: VscodeOptions = {}, changed: Partial<VscodeContext> = {}) =>
    createHeadcount({ ...context, ...changed }, env, {
      fetch: (_url, init) => {
        signals.push(init?.signal);
        reports.push(...(JSON.parse(init?.body as string) as { reports: Report[] }).reports);
        return answer();
      },
      ...options,
    });
  return {
    context,
    env,
    reports,
    signals,
    state,
    start,
    listeners,
    answers: (next: typeof answer) => void (answer = next),
    turn,
    /** As the editor does when it ends, or reloads its window. */
    restart,
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('headcount/vscode', () => {
  it('counts a globalState as one person in all its runs, named by the package.json', async () => {
    const { start, reports, restart, state } = editor();
    for (const run of [1, 2]) {
      const headcount = start();
      headcount.track();
      expect(await headcount.flush()).toMatchObject({ mode: 'on', sent: 1 });
      expect(reports).toHaveLength(run);
      restart();
    }
    const [first, second] = reports;
    expect(first).toMatchObject({
      project: 'acme-lint',
      event: 'startup',
      info: { version: '1.2.3', runtime: 'vscode', id_persisted: true, ci: null },
    });
    expect(first?.anonymous_id).toMatch(/^[0-9a-f]{16}$/);
    expect(second?.anonymous_id).toBe(first?.anonymous_id);
    expect([...state.keys()]).toEqual(['headcount:anonymous-id']);
  });

  it('counts events and fields that were not declared, while it is on', async () => {
    const { start, reports, turn } = editor();
    const events = { lint: { description: 'A file was linted.', fields: { language: ['js'] } } };
    // As in JavaScript, where nothing checks the names.
    const headcount = start({ events }) as unknown as {
      track(event: string, fields?: object): void;
      flush(): Promise<object>;
      status(): object;
    };
    headcount.track('lint', { language: 'js' });
    headcount.track('lint', { language: 'cobol', file: 'secret.cob' });
    headcount.track('toString');
    const told = {
      undeclaredEvents: 1,
      droppedFields: { 'invalid-value': 1, 'undeclared-field': 1 },
    };
    expect(await headcount.flush()).toMatchObject({ sent: 2, dropped: 0, ...told });
    expect(reports.map(({ fields }) => fields)).toEqual([{ language: 'js' }, undefined]);
    turn(false);
    headcount.track('nope');
    expect(headcount.status()).toMatchObject({ mode: 'off', ...told });
  });

  it('stores and sends nothing while telemetry is off in the editor, and reports once it is on', async () => {
    const { start, reports, state, turn } = editor();
    turn(false);
    const headcount = start();
    headcount.track();
    const off = { mode: 'off', reason: 'editor-setting', queued: 0 };
    expect(await headcount.flush()).toMatchObject(off);
    expect([reports.length, state.size]).toEqual([0, 0]);
    turn(true);
    headcount.track();
    expect(await headcount.flush()).toMatchObject({ mode: 'on', sent: 1 });
    turn(false);
    headcount.track();
    await headcount.flush();
    expect(headcount.status()).toMatchObject(off);
    expect(reports).toHaveLength(1);
    // The same person, if it is turned on again.
    expect([...state.keys()]).toEqual(['headcount:anonymous-id']);
    turn(true);
    headcount.track();
    await headcount.flush();
    expect(reports[1]?.anonymous_id).toBe(reports[0]?.anonymous_id);
  });

  it.each<[string, object, object]>([
    ['asks an editor that has no event each time', { isTelemetryEnabled: true }, { mode: 'on' }],
    ['is off in an editor without the setting', {}, { mode: 'off', reason: 'editor-setting' }],
  ])('%s', async (_, env, expected) => {
    const { context, reports } = editor();
    const changing: { isTelemetryEnabled?: boolean } = { ...env };
    const fetch = () => Promise.resolve(Response.json({ rejected: [] }));
    const headcount = createHeadcount(context, changing, { fetch });
    headcount.track();
    expect(await headcount.flush()).toMatchObject(expected);
    changing.isTelemetryEnabled = false;
    expect(headcount.status()).toMatchObject({ mode: 'off', reason: 'editor-setting' });
    expect(reports).toEqual([]);
    expect(context.subscriptions).toEqual([]);
  });

  it.each([
    [{}, {}],
    [undefined, undefined],
    [editor().context, undefined],
  ])('says what is expected instead of %o and %o', (context, env) => {
    // The casts: they are wrong on purpose.
    expect(() => createHeadcount(context as VscodeContext, env as VscodeEnv)).toThrow(
      /expected the ExtensionContext that activate\(\) is given, and vscode\.env/,
    );
  });

  it('cuts off the request under way and deletes what waits, the moment it is turned off', async () => {
    const { start, signals, state, turn, answers } = editor();
    answers(() => Promise.resolve(new Response('', { status: 503 })));
    const headcount = start();
    headcount.track();
    await headcount.flush();
    expect(state.has('headcount:queue')).toBe(true);
    vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ['Date'] });
    try {
      answers(() => new Promise(() => undefined));
      headcount.track();
      await settled();
      expect(signals.map((signal) => signal?.aborted)).toEqual([false, false]);
      answers(() => Promise.reject(new Error('aborted')));
      turn(false);
      expect(signals.at(-1)?.aborted).toBe(true);
      expect(headcount.status().mode).toBe('off');
    } finally {
      vi.useRealTimers();
    }
  });

  it('deletes what an earlier run has left, if telemetry is off by now', async () => {
    const state = new Map<string, unknown>([['headcount:queue', '[[],0,0,null]']]);
    const { start, turn } = editor(state);
    turn(false);
    start();
    await vi.waitFor(() => expect(state.size).toBe(0));
  });

  it('believes the event, whatever the property says', async () => {
    const { start, reports, listeners } = editor();
    const headcount = start();
    for (const listener of listeners) listener(false);
    headcount.track();
    expect(await headcount.flush()).toMatchObject({ mode: 'off' });
    expect(reports).toEqual([]);
  });

  it('takes an editor that cannot be asked for a no', async () => {
    const { context, reports, start } = editor();
    const env = {
      get isTelemetryEnabled(): boolean {
        throw new Error('of the editor');
      },
      onDidChangeTelemetryEnabled: () => ({ dispose: () => undefined }),
    };
    const headcount = createHeadcount(context, env);
    headcount.track();
    expect(await headcount.flush()).toMatchObject({ mode: 'off', reason: 'editor-setting' });
    const own = start({
      disabled: () => {
        throw new Error('of the extension');
      },
    });
    own.track();
    expect(await own.flush()).toMatchObject({ mode: 'off', reason: 'code' });
    expect(reports).toEqual([]);
  });

  it.each(['DO_NOT_TRACK', 'HEADCOUNT_DISABLED', 'ACME_LINT_TELEMETRY_DISABLED'])(
    'obeys %s where the extension host has variables',
    async (name) => {
      const { start, reports } = editor();
      vi.stubEnv(name, '1');
      const headcount = start();
      headcount.track();
      expect(await headcount.flush()).toMatchObject({ mode: 'off', queued: 0 });
      expect(reports).toEqual([]);
    },
  );

  it('is off in tests of the extension, and by its own setting', async () => {
    const { start, reports } = editor();
    for (const headcount of [start({}, { extensionMode: 3 }), start({ disabled: () => true })]) {
      headcount.track();
      expect(await headcount.flush()).toMatchObject({ mode: 'off', reason: 'code' });
    }
    expect(reports).toEqual([]);
    const told = start({ inTests: true }, { extensionMode: 3 });
    told.track();
    expect(await told.flush()).toMatchObject({ sent: 1 });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('of the editor');
      },
    ],
    ['rejects', () => Promise.reject(new Error('of the editor'))],
    ['answers garbage', () => ({ nothing: 1 })],
  ])('is not hurt by a globalState that %s', async (how, method) => {
    const { start } = editor();
    // The cast: it is wrong on purpose.
    const get = how === 'rejects' ? () => undefined : method; // it is synchronous
    const globalState = { get, update: method } as VscodeContext['globalState'];
    const headcount = start({}, { globalState });
    headcount.track();
    // One that can be read and holds no choice does not stop reports.
    expect(await headcount.flush()).toMatchObject({ sent: how === 'rejects' ? 1 : 0 });
    await headcount.optOut();
    expect(headcount.status().mode).toBe('off');
  });

  it('sends although a globalState hangs when it is written to', async () => {
    vi.useFakeTimers();
    try {
      const { start, reports } = editor();
      const update = () => new Promise<void>(() => undefined);
      const headcount = start({}, { globalState: { get: () => undefined, update } });
      headcount.track();
      const flushed = headcount.flush();
      await vi.advanceTimersByTimeAsync(3_100);
      expect(await flushed).toMatchObject({ mode: 'on', sent: 1 });
      expect(reports).toMatchObject([{ info: { id_persisted: false } }]);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves its listener to the editor to remove', () => {
    const { start, listeners, restart } = editor();
    start();
    expect(listeners.size).toBe(1);
    restart();
    expect(listeners.size).toBe(0);
  });

  it.each<[string, unknown, VscodeOptions]>([
    ['no package.json', undefined, {}],
    ['no endpoint', { name: 'x', version: '1' }, {}],
    ['an endpoint without TLS', { name: 'x', version: '1' }, { endpoint: 'http://acme.dev' }],
    ['an endpoint with a password', { name: 'x', version: '1' }, { endpoint: 'https://a:b@c.d' }],
  ])('is refused at once with %s', (_how, packageJSON, options) => {
    const { start } = editor();
    expect(() => start(options, { extension: { packageJSON } })).toThrow(
      /^(project|version|endpoint) must be /,
    );
  });

  it('takes the types of VS Code', () => {
    const activate = (context: vscode.ExtensionContext, env: typeof vscode.env) => {
      globalStateStorage(context.globalState);
      return createHeadcount(context, env, { events: { lint: { description: 'A file.' } } });
    };
    const track = (headcount: ReturnType<typeof activate>): void => headcount.track('lint');
    expect([activate, track]).toHaveLength(2);
  });
});
