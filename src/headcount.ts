import { type FlushResult, type StatusWarning, type Headcount, NOT_STARTED } from './api.js';
import { createPreference } from './consent/choice.js';
import { type Consent, decideConsent } from './consent/decide.js';
import { createNotices } from './consent/notice.js';
import { ENDS_WITHIN_MS } from './delivery/protocol.js';
import { makeJob } from './host/make-job.js';
import { nodePlatform } from './host/platform/node-platform.js';
import { createReporter, type Measured, type Reporter } from './host/reporter.js';
import { createUserControl } from './host/user-control.js';
import { discardAll } from './storage/discard-all.js';
import { inertHeadcount, NOTHING_FLUSHED } from './inert-headcount.js';
import { type HeadcountOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { Platform } from './platform/platform.js';
import { resolveSetup, type Setup } from './project/setup.js';
import type { EventDeclaration, EventDeclarations } from './report/declared-events.js';
import { runTimed } from './run-timed.js';
import { absoluteFolders } from './storage/file-storage.js';
import { joinOutboxes } from './storage/join-outboxes.js';
import { localOnly, openStorage } from './storage/open-storage.js';
import { eventsHash } from './wire/events-hash.js';
import { STARTUP_EVENT } from './wire/report.js';

const DEFAULT_FLUSH_TIMEOUT_MS = 3_000;
const MAX_FLUSH_TIMEOUT_MS = 60_000;

/**
 * Sets up telemetry for a project. Reads the options and the app's package.json and nothing else;
 * writes nothing before the first `track()`. A second call for the same project in one process
 * returns the first instance, whose options stay.
 *
 * @throws HeadcountError `HEADCOUNT_ERR_INVALID_OPTION`, `HEADCOUNT_ERR_UNKNOWN_OPTION` or
 * `HEADCOUNT_ERR_INSECURE_ENDPOINT`, naming the option, what was expected and what was given
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
  // The cast: the names and fields of `Events` are checked at run time too.
  return createHeadcountOn(nodePlatform(), options) as unknown as Headcount<Events>;
}

/** {@link createHeadcount} on a platform of the caller's. */
export function createHeadcountOn(platform: Platform, options: HeadcountOptions): Headcount {
  const resolved = resolveOptions(options);
  const setup = resolveSetup(resolved, platform);
  if (typeof setup === 'string') return inertHeadcount(setup, resolved, platform);
  const known = instances().get(setup.project);
  if (known) {
    known.reused();
    return known.headcount;
  }
  let reuses = 0;
  const hash = once(() => declaredHash(options) ?? eventsHash(resolved.events));
  const headcount = active(setup, resolved, platform, hash, () => reuses);
  instances().set(setup.project, { headcount, reused: () => void (reuses += 1) });
  return headcount;
}

/** Reports that wait for a storage of the app's own to say what the user has chosen. */
const MAX_HELD = 1_000;

function active(
  setup: Setup,
  options: ResolvedOptions,
  platform: Platform,
  hash: () => string,
  ignoredConfigurations: () => number,
): Headcount {
  const storage = absoluteFolders(options.storage, platform);
  const opened = once(() => openStorage(storage, setup.project, platform));
  const preference = once(() => createPreference(opened().choicePlaces, platform));
  const notices = once(() => createNotices(opened().notices, hash()));
  let reporter: { readonly mode: Consent['mode']; readonly it: Reporter } | undefined;
  let held: (() => void)[] | undefined;
  let isClosed = false;

  const consent = (): Consent =>
    decideConsent({
      env: platform.env,
      project: setup.project,
      ...options,
      choice: () => preference().current(),
    });
  const isNoticeDue = (): boolean => notices().isDue(preference().current());
  const isHeld = (): boolean => options.notice === 'before-send' && isNoticeDue();
  const maySend = (): boolean => decide().mode === 'on' && !isHeld();

  /** Whoever turns it off while the program runs finds nothing left of what it has recorded. */
  async function discard(): Promise<void> {
    const ending = reporter?.it;
    reporter = undefined;
    await ending?.close(ENDS_WITHIN_MS);
    await ending?.discard();
    await discardAll(opened(), platform);
  }

  function decide(): Consent {
    const decided = consent();
    // A choice that cannot be read stops everything, and deletes nothing: it may be readable again.
    if (reporter && decided.mode === 'off' && decided.rule === 'choice') void discard();
    return decided;
  }

  function reporterFor(mode: Consent['mode']): Reporter {
    if (reporter?.mode !== mode) {
      void reporter?.it.close(ENDS_WITHIN_MS);
      const isLocal = mode === 'local';
      const parts = { setup, options, platform, opened: opened(), isLocal, maySend };
      reporter = { mode, it: createReporter(parts) };
    }
    return reporter.it;
  }

  function track(event: unknown, fields?: unknown, measured?: Measured): void {
    const { mode } = decide();
    if (isClosed || mode === 'off') return;
    const pending = preference().pending();
    if (pending) return hold(() => track(event, fields, measured), pending);
    const it = reporterFor(mode);
    if (!it.isRetired()) it.report(event, fields, measured);
  }

  /** A user's choice that is not known yet may be no: nothing is written before. */
  function hold(report: () => void, pending: Promise<void>): void {
    if (!held) {
      held = [];
      void pending.then(() => {
        const waiting = held ?? [];
        held = undefined;
        for (const call of waiting) call();
      });
    }
    if (held.length < MAX_HELD) held.push(report);
  }

  async function flush(timeoutMs: number): Promise<FlushResult> {
    const endMs = platform.elapsed() + timeoutMs;
    const pending = held && preference().pending();
    if (pending) await within(timeoutMs, pending, platform);
    if (!reporter || consent().mode === 'off') return NOTHING_FLUSHED;
    return reporter.it.flush(Math.max(0, endMs - platform.elapsed()));
  }

  const control = createUserControl({
    platform,
    project: setup.project,
    command: options.command,
    eventNames: Object.keys(options.events),
    eventsHash: hash,
    consent,
    preference,
    notices,
    sender(mode) {
      const looked = mode === 'local' ? localOnly(opened(), platform) : opened();
      const { storage, memory, kind } = looked;
      const outbox = joinOutboxes([
        ...new Set(kind === 'custom' ? [storage.outbox, memory] : [memory]),
      ]);
      return { job: makeJob(setup, looked, options.extraCa), host: { values: storage, outbox } };
    },
    seal: () => reporter?.it.seal(),
    discard,
  });

  return {
    ...control,
    events: options.events,
    track: (event: unknown = STARTUP_EVENT, fields?: unknown) => track(event, fields),
    time: (event, run, fields) =>
      runTimed(
        run,
        () => platform.elapsed(),
        (durationMs, outcome) => track(event, fields, { durationMs, outcome }),
      ),
    flush: (flushOptions) => flush(timeoutMsOf(flushOptions)),
    async close(flushOptions) {
      const timeoutMs = timeoutMsOf(flushOptions);
      const endsMs = Math.min(ENDS_WITHIN_MS, timeoutMs / 4);
      const result = await flush(timeoutMs - endsMs);
      isClosed = true;
      instances().delete(setup.project);
      await reporter?.it.close(endsMs);
      return result;
    },
    status() {
      const decided = consent();
      const isRetired = decided.mode === 'on' && reporter?.it.isRetired() === true;
      const reason = decided.mode === 'on' ? isRetired && 'retired' : decided.rule;
      return {
        mode: isRetired ? 'off' : decided.mode,
        ...(reason && { reason }),
        consent: decided,
        ...(decided.mode !== 'off' && { notice: isNoticeDue() ? 'due' : 'shown' }),
        project: setup.project,
        endpoint: setup.endpoint.url,
        ...(reporter?.it.status() ?? NOT_STARTED),
        warnings: warningsOf({
          isHeld: decided.mode === 'on' && isHeld(),
          ignored: ignoredConfigurations(),
        }),
      };
    },
  };
}

/** What the app's author should know of. */
function warningsOf({ isHeld, ignored }: { isHeld: boolean; ignored: number }): StatusWarning[] {
  const warnings: StatusWarning[] = [];
  if (isHeld) {
    warnings.push({
      reason: 'notice-not-shown',
      text: 'Reports are kept until the app has shown the text of notice().',
    });
  }
  if (ignored > 0) {
    warnings.push({
      reason: 'options-ignored',
      text: `createHeadcount() was called again for this project, ${ignored} times: these calls got the first instance, and their options were not used.`,
    });
  }
  return warnings;
}

/** Awaits `pending` for at most `timeoutMs`. */
function within(timeoutMs: number, pending: Promise<void>, platform: Platform): Promise<void> {
  return new Promise((resolve) => {
    const cancel = platform.deadline(resolve, timeoutMs);
    void pending.then(cancel).then(resolve);
  });
}

/** Calls it when it is first needed. */
function once<T>(call: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: call() }).value;
}

/** After set-up nothing throws: whatever this is given, it finds a time. */
function timeoutMsOf(options: unknown): number {
  try {
    const { timeoutMs = DEFAULT_FLUSH_TIMEOUT_MS } = (options ?? {}) as { timeoutMs?: unknown };
    return Math.min(Math.max(Number(timeoutMs) || 0, 0), MAX_FLUSH_TIMEOUT_MS);
  } catch {
    return DEFAULT_FLUSH_TIMEOUT_MS; // a symbol, or a getter that throws
  }
}

const KEY = Symbol.for('headcount/v1');

/** An instance, and who counts the later set-ups that it answers. */
export interface Instance {
  readonly headcount: Headcount;
  reused(): void;
}

/**
 * The instances of this process by project: shared by the ESM and the CJS copy of this package and
 * by all packages that bring one along, so that a program reports once.
 */
export function instances(): Map<string, Instance> {
  const shared = globalThis as { [KEY]?: Map<string, Instance> };
  return (shared[KEY] ??= new Map());
}

/**
 * Under this key the `headcount` command hands over the hash of the events that a program has
 * declared: a choice belongs to them, and so does the notice. The events themselves it cannot know,
 * since their words are the author's and stand in no file of ours.
 */
export const DECLARED_HASH = Symbol.for('headcount/declared-hash');

/** That hash, where it was handed over. */
function declaredHash(options: object): string | undefined {
  // The cast: whoever sets this key may set anything.
  const hash: unknown = (options as Readonly<Record<symbol, unknown>>)[DECLARED_HASH];
  return typeof hash === 'string' ? hash : undefined;
}
