import { REPORTS_PATH } from '../project/endpoint.js';
import { isLoopback } from '../project/parse-endpoint.js';
import type { EventDeclarations } from '../report/declared-events.js';
import { MAX_BATCH_REPORTS, type ReportInfo } from '../wire/report.js';
import type { EdgeHeadcount, EdgeOptions, EdgeStatus, TrackOptions } from './api.js';
import { checkEvent } from './check-event.js';
import { DAY_MS, type EdgeReport, isoTime, post, RETIRED, TOO_LARGE } from './post.js';
import { machine } from './platform/machine.js';

const ID = /^[0-9a-f]{16}$/;
/** Without a person, a report has an ID of automation, which collectors count apart. */
const NOBODY = 'ci-edge';
const CHOICE = 'headcount:choice';
/** The key of what waits. */
export const QUEUE = 'headcount:queue';
const INSTALL = 'headcount:anonymous-id';
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = DAY_MS / 24;
const nothing = () => undefined;
const MEMORY = { get: nothing, set: nothing, remove: nothing };

/** What is kept until the next run, as a list: its text is written at each change. */
type Kept = readonly [
  queue: readonly EdgeReport[],
  /** The collector is not asked before. */
  untilMs: number,
  /** The last wait: each is longer than the one before. */
  waitMs: number,
  /** The version and the endpoint that were told to send nothing more. */
  retired: string | null | undefined,
];

/**
 * Sets up telemetry where there is no process and no disk. A deployment is no person: only
 * `anonymousId` and `countsInstall` count people.
 *
 * @throws TypeError if a text is missing, or if the endpoint is not `https:`
 * @example
 * const headcount = createHeadcount({
 *   project: 'acme',
 *   version: '1.0.0',
 *   endpoint: 'https://stats.acme.dev',
 * });
 * export default {
 *   fetch(request, env, context) {
 *     headcount.track('startup', {}, { waitUntil: (sending) => context.waitUntil(sending) });
 *     return new Response('ok');
 *   },
 * };
 */
export function createHeadcount<const Events extends EventDeclarations = Record<never, never>>(
  options: EdgeOptions<Events>,
): EdgeHeadcount<Events> {
  return createWith(options, { os: 'unknown', runtime: machine.runtime });
}

/** The same, where something is known of the machine. */
export function createWith<Events extends EventDeclarations>(
  options: EdgeOptions<Events>,
  facts: Partial<ReportInfo>,
): EdgeHeadcount<Events> {
  const { project, version, events = {}, storage = MEMORY, disabled } = options;
  const { fetch = machine.fetch } = options;
  const url = addressOf(options);
  const self = `${version} ${url}`;
  let queue: EdgeReport[] = [];
  let untilMs = 0;
  let waitMs = 0;
  let retired: string | null | undefined;
  let stored: string | undefined;
  let most = MAX_BATCH_REPORTS;
  let sent = 0;
  let dropped = 0;
  let error: string | undefined;
  let choice: string | null | undefined;
  let install: string | null | undefined;
  let isLoaded = false;
  let sending = Promise.resolve();

  /** Reads what an earlier run has kept. */
  async function load(): Promise<void> {
    const kept = await storage.get(CHOICE);
    choice ??= kept; // optOut() may have been called meanwhile
    if (options.countsInstall) {
      install = await storage.get(INSTALL);
      if (!ID.test(install ?? '')) {
        install = machine.uuid().slice(19).replace('-', '');
        await storage.set(INSTALL, install);
      }
    }
    const text = await storage.get(QUEUE);
    isLoaded = true;
    if (!text) return;
    stored = text;
    // The cast: the collector checks every report, and other code's texts are not of this form.
    const [before, ...rest] = JSON.parse(text) as Kept;
    queue.unshift(...before);
    [untilMs, waitMs, retired] = rest;
  }

  /** Keeps what the next run needs, if that has changed. */
  async function save(): Promise<void> {
    const kept: Kept = [queue, untilMs, waitMs, retired];
    const text = queue[0] || waitMs || retired ? JSON.stringify(kept) : undefined;
    if (text === stored) return;
    await (text ? storage.set(QUEUE, text) : storage.remove(QUEUE));
    stored = text;
  }

  function off(): EdgeStatus['reason'] {
    try {
      if (typeof disabled === 'function' ? disabled() : disabled) return 'code';
    } catch {
      return 'code'; // who cannot be asked has not agreed
    }
    if (machine.refusesTracking()) return 'environment';
    if (choice && choice !== 'on') return 'choice'; // also one that cannot be read
    return retired === self ? 'retired' : undefined;
  }

  function status(): EdgeStatus {
    const reason = off();
    return { mode: reason ? 'off' : 'on', reason, sent, queued: queue.length, dropped, error };
  }

  /** Whether the collector may be asked. A wait of more than a day is of a clock that was wrong. */
  const isTime = (leftMs = untilMs - machine.now()): boolean => !(leftMs > 0 && leftMs <= DAY_MS);

  async function deliver(): Promise<void> {
    if (!off() && !isLoaded) {
      await safely(load());
      if (!isLoaded) return;
    }
    while (!off() && queue.length > 0 && isTime()) {
      const batch = queue.slice(0, most).map(identified);
      const { accepted, again, askedMs, status, error: failure } = await post(fetch, url, batch);
      error = failure;
      if (status === TOO_LARGE && batch[1]) most = batch.length >> 1;
      else {
        if (status === RETIRED && !again[0]) retired = self;
        queue.splice(0, batch.length, ...again);
        sent += accepted;
        dropped += batch.length - accepted - again.length;
        waitMs = again[0] ? Math.min(LONGEST_WAIT_MS, waitMs * 2 || FIRST_WAIT_MS) : 0;
        untilMs = waitMs && machine.now() + Math.max(waitMs, askedMs);
      }
    }
    if (off()) {
      queue = [];
      waitMs = 0;
    }
    dropped += queue.splice(0, queue.length - MAX_BATCH_REPORTS).length;
    await save();
  }

  /** The ID of an install is known once the storage has answered. */
  const identified = (report: EdgeReport): EdgeReport =>
    install && report.anonymous_id === NOBODY
      ? {
          ...report,
          anonymous_id: install,
          info: { ...report.info, id_source: 'time', id_persisted: true, ci: null },
        }
      : report;

  /** What goes wrong is told by the status. */
  const safely = (what: Promise<void>): Promise<void> =>
    what.catch((reason: unknown) => void (error = String(reason)));

  /** One after the other; reports of the same moment go together. */
  const deliverSoon = (): Promise<void> => (sending = sending.then(() => safely(deliver())));

  function report(
    event: string,
    given: object,
    { anonymousId = '', waitUntil = Boolean }: TrackOptions,
  ): void {
    const fields = !off() && checkEvent(events, event, { ...given });
    if (!fields) return;
    const isPerson = ID.test(anonymousId);
    const nowMs = machine.now();
    queue.push({
      report_id: uuidV7(nowMs),
      anonymous_id: isPerson ? anonymousId : NOBODY,
      timestamp: isoTime(nowMs),
      project,
      event,
      lost_total: 0,
      info: {
        ...facts,
        version,
        id_source: isPerson ? 'given' : 'ci',
        id_persisted: isPerson,
        ci: isPerson ? null : 'edge',
      },
      ...(Object.keys(fields).length > 0 && { fields }),
    });
    waitUntil(deliverSoon());
  }

  async function choose(made: 'on' | 'off'): Promise<void> {
    choice = made;
    await storage.set(CHOICE, made);
    if (made === 'on') return;
    queue = [];
    await storage.remove(QUEUE);
  }

  return {
    track(event: string = 'startup', fields: object = {}, how: TrackOptions = {}) {
      try {
        report(event, fields, how);
      } catch (reason) {
        error = String(reason); // waitUntil() of a request that has ended, or a getter that throws
      }
    },
    flush: () => deliverSoon().then(status),
    optOut: () => safely(choose('off')),
    optIn: () => safely(choose('on')),
    status,
  };
}

function addressOf({ project, version, endpoint }: EdgeOptions): string {
  const url = new URL(endpoint);
  const isPrivate = url.protocol === 'https:' || isLoopback(url);
  if (!project || !version || !isPrivate || url.password !== '') {
    throw new TypeError('expected project, version and https: endpoint without password');
  }
  if (url.pathname === '/') url.pathname = REPORTS_PATH;
  return url.href;
}

/** A UUIDv7 (RFC 9562): the time, and the random digits of a UUIDv4. */
function uuidV7(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${machine.uuid().slice(15)}`;
}
