import type { Headcount } from './api.js';
import { readPreference } from './consent/choice.js';
import { type Consent, type ConsentRule, decideConsent } from './consent/decide.js';
import { testRunner } from './consent/test-runners.js';
import { ENDS_WITHIN_MS } from './delivery/protocol.js';
import { HeadcountError } from './errors.js';
import type { Control } from './host/deferred/control.js';
import type { HostCore } from './host/host-core.js';
import type { DeferredPart, HostPlatform, SetupPart } from './host/host-platform.js';
import { type Instance, instances } from './host/platform/instances.js';
import { loadDeferred, loadSetup } from './host/platform/load-part.js';
import { nodePlatform } from './host/platform/node-platform.js';
import { uncheckedOptions, withoutParts } from './host/without-parts.js';
import { LOOKS_EVERY_MS, LOOKS_WHILE_OFF_MS } from './host/heartbeat-interval.js';
import { createReporter, type Measured, type Reporter } from './host/reporter.js';
import type { JoinedOptions } from './host/setup/join-options.js';
import { type HeadcountOptions, NO_OPTIONS, type ResolvedOptions } from './options.js';
import { ownOnly } from './own-only.js';
import { queueOf, THIS_MACHINE_QUEUE } from './project/endpoint.js';
import { resolveSetup, type Setup, withLocalCollector } from './project/setup.js';
import type { EventDeclaration, EventDeclarations } from './report/declared-events.js';
import { runTimed } from './run-timed.js';
import { isRecord } from './type-guards.js';
import { type MakeRoom, openStorage } from './storage/open-storage.js';
import { ALIVE_EVENT, STARTUP_EVENT } from './wire/report.js';

/**
 * Sets up telemetry for a project. Reads only the options and the app's package.json, and writes
 * nothing before the first `track()`. A second call for the same project in one process returns
 * the first instance. The stricter `mode`, `disabled` and `notice` of both calls hold; its other
 * options are ignored, and `status().warnings` names them.
 *
 * @throws HeadcountError `HEADCOUNT_ERR_INVALID_OPTION`, `HEADCOUNT_ERR_UNKNOWN_OPTION` or
 * `HEADCOUNT_ERR_INSECURE_ENDPOINT`. It names the option, the expected and the given value
 * @example
 * const headcount = createHeadcount({
 *   project: 'acme-cli',
 *   version: '2.3.1',
 *   endpoint: 'https://stats.acme.dev',
 *   events: { build: { description: 'A build was finished.' } },
 * });
 * headcount.track('build');
 */
export function createHeadcount<
  const Events extends EventDeclarations = Record<never, EventDeclaration>,
>(options: HeadcountOptions<Events> = {}): Headcount<Events> {
  // The cast is safe: the names and fields of `Events` are also checked at run time.
  return createHeadcountOn(nodePlatform(), options) as unknown as Headcount<Events>;
}

/**
 * Declares an app's events in a separate file, for `createHeadcount({ events })` and for
 * `npx headcount manifest`, which documents what is collected.
 *
 * @returns the same events
 * @throws HeadcountError `HEADCOUNT_ERR_INVALID_OPTION`. It names the faulty part, such as
 * `events.build.fields.bundler`
 * @example
 * export const events = defineEvents({
 *   build: {
 *     description: 'A build was finished.',
 *     fields: { bundler: ['vite', 'webpack'], pages: field.count({ max: 500 }) },
 *     timed: true,
 *   },
 * });
 */
export function defineEvents<const Events extends EventDeclarations>(events: Events): Events {
  check(loadSetup, loadDeferred, ({ resolveEvents }) => resolveEvents(events));
  return events;
}

/** {@link createHeadcount} on a given platform. */
export function createHeadcountOn(platform: HostPlatform, options: HeadcountOptions): Headcount {
  const deferred = (): DeferredPart | undefined => platform.deferred();
  const setupPart = (): SetupPart | undefined => platform.setup();
  const resolved = isEmpty(options)
    ? NO_OPTIONS
    : (check(setupPart, deferred, ({ resolveOptions }) =>
        resolveOptions(options, platform, (given) => deferred()?.readStorage(given, platform)),
      ) ?? uncheckedOptions(options));
  try {
    const setup = resolveSetup(resolved, platform, setupPart);
    if (typeof setup === 'string') {
      return deferred()?.inertHeadcount(setup, resolved, platform) ?? withoutParts(resolved);
    }
    const known = instances().get(setup.project);
    if (known) {
      if (resolved !== NO_OPTIONS) known.join(resolved);
      return known.headcount;
    }
    const instance = active(setup, resolved, platform, declaredHash(options));
    instances().set(setup.project, instance);
    return instance.headcount;
  } catch {
    return withoutParts(resolved); // something that Headcount needs was removed from the process
  }
}

function isEmpty(options: unknown): boolean {
  try {
    return isRecord(options) && Object.keys(options).length === 0;
  } catch {
    return false; // a proxy that throws: a mistake in the options
  }
}

/** Runs a check of the app's options. Throws a worded error if it finds a mistake. */
function check<T>(
  setupPart: () => SetupPart | undefined,
  deferred: () => DeferredPart | undefined,
  run: (setup: SetupPart) => T,
): T | undefined {
  const part = setupPart();
  let result: T | undefined;
  const mistake = part?.mistakeIn(() => (result = run(part)));
  if (!mistake) return result;
  const { option, rule: expected, given } = mistake;
  throw new HeadcountError(
    deferred()?.wordMistake(mistake) ?? {
      code: 'HEADCOUNT_ERR_INVALID_OPTION',
      option,
      expected,
      given,
      message: expected,
    },
  );
}

function active(
  setup: Setup,
  resolved: ResolvedOptions,
  platform: HostPlatform,
  hash: string | undefined,
): Instance {
  const options: JoinedOptions = ownOnly(resolved);
  const makeRoom: MakeRoom = (folder, limits) =>
    platform.deferred()?.makeRoom(platform, folder, limits) ?? { lost: 0, left: 0 };
  const queue = (): string =>
    queueOf(setup.endpoint, (url) => platform.setup()?.otherQueue(url) ?? THIS_MACHINE_QUEUE);
  const opened = lazy(() =>
    openStorage(options.storage, setup.project, platform, makeRoom, queue(), (name) =>
      platform.deferred()?.invokerChoice(name, platform),
    ),
  );
  // The search starts once telemetry is on: a program that is off must not search at all.
  const found = lazy(() =>
    withLocalCollector(setup, opened().collectorFile, platform, (file) =>
      platform.deferred()?.localCollector(file, platform),
    ),
  );
  // It does not change while the process runs.
  const runner = lazy(() =>
    testRunner(platform, (script) => platform.setup()?.runnerScript(script, platform)),
  );
  const preference = lazy(() => readPreference(opened().choicePlaces, platform));
  let reporter: { readonly mode: Consent['mode']; readonly it: Reporter } | undefined;
  let isClosed = false;
  let stopHeartbeat: (() => void) | undefined;
  /** Whether this process has reported anything. */
  let hasReported = false;

  const consent = (): Consent =>
    decideConsent({
      env: platform.env,
      project: setup.project,
      disabled: options.disabled,
      inTests: options.inTests,
      mode: options.mode,
      testRunner: runner,
      choice: () => preference().current(),
    });
  // Reports are held unless the notice is known to have been shown.
  const isHeld = (): boolean =>
    options.notice === 'before-send' && control()?.isNoticeDue() !== false;
  const maySend = (): boolean => decide().mode === 'on' && !isHeld();

  function decide(): Consent {
    const decided = consent();
    // An unreadable choice stops reporting but deletes nothing: it may be an opt-in.
    if (reporter && decided.mode === 'off' && decided.rule === 'choice') void control()?.discard();
    return decided;
  }

  function reporterFor(mode: Consent['mode']): Reporter | undefined {
    if (reporter?.mode !== mode) {
      void reporter?.it.schedule.close(ENDS_WITHIN_MS);
      const isLocal = mode === 'local';
      const looked = isLocal ? control()?.local() : opened();
      if (!looked) return undefined; // the other outbox would be sent
      const parts = { options, platform, opened: looked, isLocal, maySend };
      reporter = { mode, it: createReporter({ ...parts, setup: isLocal ? setup : found() }) };
    }
    return reporter.it;
  }

  function track(event: unknown, fields?: unknown, measured?: Measured): void {
    try {
      const { mode, rule, level } = ownOnly(decide());
      if (isClosed) return;
      if (mode === 'off') {
        // Only the user's choice can change while the process runs.
        if (options.heartbeat && isUsers(rule)) stopHeartbeat ??= heartbeat(LOOKS_WHILE_OFF_MS);
        return;
      }
      const pending = preference().pending();
      // Only a custom storage is awaited, which the deferred part has read.
      if (pending) return control()?.hold(() => track(event, fields, measured), pending);
      const it = reporterFor(mode);
      if (it?.counts.isRetired === false) it.report(event, fields, measured, level);
      hasReported = true;
      if (options.heartbeat) stopHeartbeat ??= heartbeat(LOOKS_EVERY_MS);
    } catch {
      return; // something that Headcount needs was removed from the process
    }
  }

  /** After a while, because most programs end before, and once telemetry is on. */
  function heartbeat(afterMs: number): () => void {
    const atMs = platform.now();
    const elapsedMs = platform.elapsed();
    const isOn = (): boolean => !isClosed && decide().mode !== 'off';
    const report = (): void => track(ALIVE_EVENT);
    const start = (): void => {
      try {
        if (!hasReported && !isOn()) return void (stopHeartbeat = platform.later(start, afterMs));
        const started = hasReported ? { atMs, elapsedMs } : { atMs: 0, elapsedMs: 0 };
        const parts = { platform, folders: opened().folders, started, isOn, report };
        stopHeartbeat = platform.deferred()?.startHeartbeat(parts) ?? stopHeartbeat;
      } catch {
        return; // as in track()
      }
    };
    return platform.later(start, afterMs);
  }

  function join(given: ResolvedOptions): void {
    const it = control();
    if (it) it.join(given);
    else options.disabled = true; // which call is the stricter cannot be told
  }

  const core: HostCore = {
    platform,
    setup,
    found,
    options,
    declaredHash: hash,
    opened,
    preference,
    consent,
    reporter: () => reporter?.it,
    takeReporter() {
      const taken = reporter?.it;
      reporter = undefined;
      return taken;
    },
    end() {
      isClosed = true;
      stopHeartbeat?.();
      instances().delete(setup.project);
    },
  };
  let made: Control | undefined;
  function control(): Control | undefined {
    try {
      return (made ??= platform.deferred()?.createControl(core));
    } catch {
      return undefined;
    }
  }
  const rest = (): Omit<Headcount, 'events' | 'track' | 'time'> =>
    control() ?? withoutParts(options, consent, () => reporter?.it);

  const headcount: Headcount = {
    events: options.events,
    track: (event: unknown = STARTUP_EVENT, fields?: unknown) => track(event, fields),
    time: (event, run, fields) =>
      runTimed(
        run,
        () => platform.elapsed(),
        (durationMs, outcome) => track(event, fields, { durationMs, outcome }),
      ),
    flush: (flushOptions) => rest().flush(flushOptions),
    close: (flushOptions) => rest().close(flushOptions),
    notice: () => rest().notice(),
    optIn: (optInOptions) => rest().optIn(optInOptions),
    optOut() {
      if (!control()) isClosed = true; // it cannot be saved, but it holds in this process
      return rest().optOut();
    },
    show: () => rest().show(),
    proofs: () => rest().proofs(),
    export: () => rest().export(),
    forget: () => rest().forget(),
    diagnose: () => rest().diagnose(),
    status: () => rest().status(),
  };
  return { headcount, join };
}

/** Whether the user has decided, or was asked to. */
const isUsers = (rule: ConsentRule): boolean =>
  rule === 'choice' || rule === 'unreadable-choice' || rule === 'mode';

/** Calls `call` on first use and keeps the result. */
function lazy<T>(call: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: call() }).value;
}

/**
 * The key under which the `headcount` command passes the hash of a program's declared events. The
 * user's choice and the notice refer to that hash. The command cannot know the events themselves,
 * since no file of Headcount contains the author's texts.
 */
export const DECLARED_HASH = Symbol.for('headcount/declared-hash');

/** The hash that the `headcount` command passed, if any. */
function declaredHash(options: object): string | undefined {
  if (!Object.hasOwn(options, DECLARED_HASH)) return undefined;
  // The cast is safe: other code can set this key to any value, so it is read as `unknown`.
  const hash: unknown = (options as Readonly<Record<symbol, unknown>>)[DECLARED_HASH];
  return typeof hash === 'string' ? hash : undefined;
}
