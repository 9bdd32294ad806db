import { ALIVE } from '../../file-names.js';
import type { Files, Folders, Platform } from '../../platform/platform.js';
import { clamp, MAX_TIME_MS } from '../../ranges.js';
import { LOOKS_EVERY_MS } from '../heartbeat-interval.js';
import {
  type AliveRecord,
  isDue,
  JITTER_MS,
  type Moment,
  parseRecord,
  recordText,
  STEPS,
} from './alive-record.js';

/** What {@link startHeartbeat} needs. */
export interface HeartbeatParts {
  readonly platform: Pick<
    Platform,
    'files' | 'processes' | 'now' | 'elapsed' | 'later' | 'uniqueHex'
  >;
  /** Where the programs of one install agree on who reports; `undefined` without a disk. */
  readonly folders: Pick<Folders, 'state'> | undefined;
  /** When this process has made its first report. */
  readonly started: Moment;
  /** Whether a report would be made now. Nothing is read or written if not. */
  readonly isOn: () => boolean;
  readonly report: () => void;
}

/**
 * Reports while the process lives, so that never more than 22 hours lie between two reports of the
 * install. It looks at both clocks twice a minute instead of trusting one long timer: a system may
 * sleep, and its clock may be set.
 *
 * @returns stops it, and leaves no timer
 */
export function startHeartbeat(parts: HeartbeatParts): () => void {
  const { platform, isOn, report } = parts;
  const records = parts.folders && aliveRecords(parts.folders.state, platform.files);
  const scope = platform.processes.scope();
  // Installs with the same step are apart, and so are the programs of one install.
  const jitterMs = Math.floor(chance(platform) * JITTER_MS);
  let last = parts.started;
  let step: number | undefined;
  let cancel = (): void => undefined;

  function look(): void {
    cancel = platform.later(look, LOOKS_EVERY_MS);
    try {
      const now = { atMs: platform.now(), elapsedMs: platform.elapsed() };
      const own = { ...now, atMs: now.atMs - jitterMs };
      if (step !== undefined && !isDue(last, own, step)) return;
      if (!isOn()) return;
      let newest = records?.newest();
      if (step === undefined && !newest) {
        const record = { ...last, scope, step: anyStep() };
        if (records?.claim(1, record) === false) return; // the next look reads that of the other
        newest = { generation: 1, record };
      }
      // After `forget`, nothing may link the next ID to the last one.
      step = newest?.record?.step ?? anyStep();
      if (!isDue(last, own, step)) return;
      const reported = newest?.record && momentOf(newest.record, now);
      if (reported && !isDue(reported, now, step)) {
        last = reported; // another program has reported for this install
        return;
      }
      const generation = (newest?.generation ?? 0) + 1;
      if (records?.claim(generation, { ...now, scope, step }) === false) return;
      last = now;
      report();
    } catch {
      return; // something that Headcount needs was removed from the process
    }
  }

  const anyStep = (): number => Math.floor(chance(platform) * STEPS);

  /** A record of this boot tells the time of the clock that is never set. */
  function momentOf({ atMs, elapsedMs, scope: its }: AliveRecord, now: Moment): Moment {
    const isComparable = its === scope && scope !== '0' && elapsedMs <= now.elapsedMs;
    const byClockMs = now.elapsedMs - Math.max(0, now.atMs - atMs);
    return { atMs, elapsedMs: isComparable ? elapsedMs : byClockMs };
  }

  look();
  return () => cancel();
}

/** The record of an install's last `alive`, as a file whose generation grows with each. */
interface AliveRecords {
  newest(): { readonly generation: number; readonly record: AliveRecord | undefined } | undefined;
  /**
   * Of many processes that try, one gets the generation.
   *
   * @returns false if another process has it
   */
  claim(generation: number, record: AliveRecord): boolean;
}

function aliveRecords(folder: string, files: Files): AliveRecords {
  const pathOf = (generation: number): string => `${folder}/alive.${generation}`;
  const generations = (): number[] =>
    files
      .list(folder)
      .flatMap((file) => ALIVE.exec(file)?.[1] ?? [])
      .map(Number);
  return {
    newest() {
      try {
        const all = generations();
        if (all.length === 0) return undefined;
        const generation = Math.max(...all);
        return { generation, record: parseRecord(files.read(pathOf(generation))) };
      } catch {
        return undefined; // another user's folder: nothing can be written there either
      }
    },
    claim(generation, record) {
      try {
        if (!files.create(pathOf(generation), recordText(record))) return false;
      } catch {
        return true; // nothing can be written here, so each process reports for itself
      }
      try {
        for (const older of generations()) if (older < generation) files.remove(pathOf(older));
      } catch {
        return true; // held by another program: the next claim removes it
      }
      return true;
    },
  };
}

/** From 0 to below 1. `Math.random()` is the app's. */
const chance = ({ uniqueHex }: Pick<Platform, 'uniqueHex'>): number =>
  clamp(Number.parseInt(uniqueHex().slice(0, 6), 16), MAX_TIME_MS) / 2 ** 24;
