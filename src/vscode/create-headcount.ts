import { disablingVariable } from '../consent/environment.js';
import type { EdgeStatus, TrackOptions } from '../edge/api.js';
import { createWith, QUEUE } from '../edge/create-headcount.js';
import { type EdgeStorage, textOf } from '../edge/storages.js';
import type { EventDeclarations } from '../report/declared-events.js';
import type {
  VscodeContext,
  VscodeEnv,
  VscodeHeadcount,
  VscodeOptions,
  VscodeStatus,
} from './api.js';
import { extensionHost } from './platform/extension-host.js';
import { createUndeclared } from './undeclared.js';

/** VS Code's `ExtensionMode.Test`. */
const TEST_MODE = 3;

/** The members of an extension's package.json that are used. */
interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly headcount?: { readonly endpoint?: string };
}

/**
 * Sets up telemetry in an extension of VS Code. A person is a `globalState`: the same on remote
 * machines, in containers and in the browser. While `env.isTelemetryEnabled` is false, no report and
 * no ID is made and nothing is sent, which
 * {@link https://code.visualstudio.com/api/extension-guides/telemetry | VS Code's guide} asks of
 * every extension; when it becomes false, the request under way is cut off, and what waits is
 * deleted at once. An ID that is there already stays, so that a person is not counted twice.
 *
 * @param env - `vscode.env`
 * @throws TypeError if context or env is not that of an editor
 * @throws HeadcountError `HEADCOUNT_ERR_INVALID_OPTION` if project, version or endpoint is missing, or
 *   if the endpoint is not `https:`. It names the option, the expected and the given value
 * @example
 * export function activate(context: vscode.ExtensionContext) {
 *   const headcount = createHeadcount(context, vscode.env, { endpoint: 'https://stats.acme.dev' });
 *   headcount.track();
 * }
 */
export function createHeadcount<const Events extends EventDeclarations = Record<never, never>>(
  context: VscodeContext,
  env: VscodeEnv,
  options: VscodeOptions<Events> = {},
): VscodeHeadcount<Events> {
  requireEditor(context, env);
  // The cast: the members of another form are refused below.
  const manifest = (context.extension?.packageJSON ?? {}) as Manifest;
  const { project = manifest.name ?? '', version = manifest.version ?? '' } = options;
  const { endpoint = manifest.headcount?.endpoint ?? '', inTests = false, disabled } = options;
  const { fetch = extensionHost.fetch } = options;
  const storage = globalStateStorage(context.globalState);
  let isToldOff = false;
  let underway: AbortController | undefined;

  const isOffInEditor = (): boolean => isToldOff || !env.isTelemetryEnabled;
  const isOff = (): boolean =>
    isOffInEditor() ||
    (context.extensionMode === TEST_MODE && !inTests) ||
    disablingVariable(extensionHost.env, project) !== undefined ||
    (typeof disabled === 'function' ? disabled() : disabled === true);

  const headcount = createWith<Events>(
    {
      ...options,
      project,
      version,
      endpoint,
      storage,
      countsInstall: true,
      disabled: isOff,
      fetch: (url, how) => {
        underway = afterAbortOf(how?.signal);
        return fetch(url, { ...how, signal: underway.signal });
      },
    },
    extensionHost.facts,
  );

  /** Deletes what waits here, and what an earlier run has left. */
  async function discard(): Promise<void> {
    await headcount.flush();
    if (storage.get(QUEUE) !== undefined) await storage.remove(QUEUE);
  }
  const discardSoon = (): void => void discard().catch(() => undefined); // tried again next time

  const listening = env.onDidChangeTelemetryEnabled?.((isEnabled) => {
    isToldOff = !isEnabled;
    if (isEnabled) return;
    underway?.abort();
    discardSoon();
  });
  if (listening) context.subscriptions.push(listening);
  if (headcount.status().reason === 'code') discardSoon();

  const undeclared = createUndeclared(options.events ?? {});

  const told = (status: EdgeStatus): VscodeStatus => ({
    ...status,
    ...(status.reason === 'code' && saysYes(isOffInEditor) && { reason: 'editor-setting' }),
    ...undeclared.counted(),
  });

  function track(event?: string, fields?: object, how?: TrackOptions): void {
    let given = fields;
    try {
      const copy = { ...fields };
      given = copy;
      if (headcount.status().mode === 'on') undeclared.count(event ?? 'startup', copy);
    } catch {
      given = fields; // a getter that throws: the status of the report says so
    }
    // The casts: what was not declared is counted, and left out.
    headcount.track(event as never, given as never, how);
  }

  return {
    ...headcount,
    track,
    flush: async () => told(await headcount.flush()),
    status: () => told(headcount.status()),
  };
}

/** Who cannot be asked whether it is off has not agreed. */
function saysYes(isOff: () => boolean): boolean {
  try {
    return isOff();
  } catch {
    return true;
  }
}

/** Throws for what no editor hands in, where the extension's author sees it. */
function requireEditor(context: Partial<VscodeContext> | undefined, env: unknown): void {
  const { globalState, subscriptions } = context ?? {};
  if (typeof globalState?.get === 'function' && subscriptions && env === Object(env)) return;
  throw new TypeError(
    'createHeadcount(context, env): expected the ExtensionContext that activate() is given, and vscode.env',
  );
}

/**
 * `globalState` as a storage of `headcount/edge`.
 *
 * @param globalState - of the `ExtensionContext`
 */
export const globalStateStorage = (globalState: VscodeContext['globalState']): EdgeStorage => ({
  get: (key) => textOf(globalState.get(key)),
  set: (key, value) => globalState.update(key, value),
  remove: (key) => globalState.update(key, undefined),
});

/** Ends a request when its time is over, or before. */
function afterAbortOf(limit: AbortSignal | null | undefined): AbortController {
  const controller = new AbortController();
  limit?.addEventListener('abort', () => controller.abort(limit.reason), { once: true });
  return controller;
}
