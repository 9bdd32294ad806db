import type { FlushResult, Headcount } from '../api.js';
import type { Consent } from '../consent/decide.js';
import { type HeadcountOptions, NO_OPTIONS, type ResolvedOptions } from '../options.js';
import type { Reporter } from './reporter.js';
import { isRecord } from '../type-guards.js';
import type { ManifestEvents } from '../wire/manifest.js';

const ERROR = 'files of headcount are missing or replaced';
const OFF: Consent = { mode: 'off', rule: 'code' };

/** The answers of an instance if the app's files are missing. Reports are still recorded. */
export function withoutParts(
  { project, endpoint, events }: ResolvedOptions,
  consent: () => Consent = () => OFF,
  recorded?: () => Reporter | undefined,
): Headcount {
  let lost = 0;
  const failed = (): Promise<{ ok: false; source: string; error: string }> =>
    Promise.resolve({ ok: false, source: 'nowhere', error: ERROR });
  const count = (): FlushResult => ({
    sent: 0,
    queued: recorded?.()?.appender.open ?? 0,
    dropped: lost,
  });
  const flushed = (): Promise<FlushResult> => Promise.resolve(count());
  return {
    events,
    track: () => void (lost += 1),
    time: (_event, run) => run(),
    flush: flushed,
    close: flushed,
    notice: () => undefined,
    optIn: failed,
    optOut: failed,
    show: failed,
    proofs: failed,
    export: failed,
    forget: failed,
    diagnose: failed,
    status() {
      let decided = OFF;
      try {
        decided = consent();
      } catch {
        // something that Headcount needs was removed from the process
      }
      const { queued, dropped } = count();
      return {
        mode: decided.mode,
        reason: 'files-missing',
        consent: decided,
        project,
        endpoint,
        storage: 'pending',
        idSource: 'pending',
        queued,
        sent: 0,
        dropped: {
          ...recorded?.()?.counts.dropped,
          ...(dropped > 0 && { 'storage-failed': dropped }),
        },
        droppedFields: {},
        sanitized: {},
        error: ERROR,
        warnings: [{ reason: 'files-missing', text: ERROR }],
      };
    },
  };
}

/** The options as the app has given them: what would check them is missing. */
export function uncheckedOptions(given: HeadcountOptions): ResolvedOptions {
  const options = isRecord(given) ? given : {};
  const events: Record<string, ManifestEvents[string]> = { ...NO_OPTIONS.events };
  for (const name of Object.keys(isRecord(options['events']) ? options['events'] : {})) {
    events[name] = { description: '', fields: {} };
  }
  return { ...NO_OPTIONS, ...options, events, storage: NO_OPTIONS.storage };
}
