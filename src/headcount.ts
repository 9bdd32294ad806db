import { type Consent, decideConsent } from './consent/decide.js';
import type { Headcount } from './headcount-api.js';
import { instances } from './instances.js';
import { type HeadcountOptions, type ResolvedOptions, resolveOptions } from './options.js';
import type { Platform } from './platform/platform.js';
import { nodePlatform } from './platform/node-platform.js';
import { resolveSetup, type Setup, type SetupFault } from './project/setup.js';
import { createReporter, type Reporter } from './reporter.js';
import type { FlushResult } from './status.js';
import { STARTUP_EVENT } from './wire/report.js';

const NOTHING: FlushResult = { sent: 0, kept: 0, dropped: 0 };
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
export function createHeadcount(options: HeadcountOptions = {}): Headcount {
  return createHeadcountOn(nodePlatform(), options);
}

/** {@link createHeadcount} on a platform of the caller's. */
export function createHeadcountOn(platform: Platform, options: HeadcountOptions): Headcount {
  const resolved = resolveOptions(options);
  const setup = resolveSetup(resolved, platform);
  if (typeof setup === 'string') return inert(setup, resolved, platform);
  const known = instances().get(setup.project);
  if (known) {
    known.reused();
    return known.headcount;
  }
  let reuses = 0;
  const headcount = active(setup, resolved, platform, () => reuses);
  instances().set(setup.project, { headcount, reused: () => void (reuses += 1) });
  return headcount;
}

function active(
  setup: Setup,
  options: ResolvedOptions,
  platform: Platform,
  ignoredConfigurations: () => number,
): Headcount {
  const consent = (): Consent =>
    decideConsent({ env: platform.env, project: setup.project, ...options });
  const isOn = (): boolean => consent().mode === 'on';
  let reporter: Reporter | undefined;
  let isClosed = false;

  async function flush(flushOptions: unknown): Promise<FlushResult> {
    if (!reporter || !isOn()) return NOTHING;
    return reporter.flush(timeoutMsOf(flushOptions));
  }

  return {
    track(event = STARTUP_EVENT) {
      if (isClosed || !isOn()) return;
      reporter ??= createReporter(setup, options, platform, isOn);
      if (!reporter.isGone()) reporter.report(event);
    },
    flush,
    async close(flushOptions) {
      isClosed = true;
      const result = await flush(flushOptions);
      await reporter?.close();
      return result;
    },
    status() {
      const decided = consent();
      const reason = decided.mode === 'off' ? decided.rule : reporter?.isGone() && 'gone';
      return {
        mode: reason ? 'off' : 'on',
        ...(reason && { reason }),
        consent: decided,
        project: setup.project,
        endpoint: setup.endpoint.url,
        ...(reporter?.status() ?? NOT_STARTED),
        ignoredConfigurations: ignoredConfigurations(),
      };
    },
  };
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

const NOT_STARTED = {
  storage: 'pending',
  idSource: 'pending',
  queued: 0,
  sent: 0,
  dropped: {},
} as const;

/** Where there is nothing to report for, or nowhere to report to. */
function inert(fault: SetupFault, options: ResolvedOptions, { env }: Platform): Headcount {
  const { project, endpoint } = options;
  return {
    track: () => undefined,
    flush: () => Promise.resolve(NOTHING),
    close: () => Promise.resolve(NOTHING),
    status: () => ({
      mode: 'off',
      reason: fault,
      consent: decideConsent({ env, project: project ?? '', ...options }),
      project,
      endpoint,
      ...NOT_STARTED,
      ignoredConfigurations: 0,
    }),
  };
}
