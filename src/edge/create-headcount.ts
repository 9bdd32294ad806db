import { REPORTS_PATH } from '../project/endpoint.js';
import { isLoopback } from '../project/parse-endpoint.js';
import type { EventDeclarations } from '../report/declared-events.js';
import { MAX_BATCH_REPORTS, type ReportInfo } from '../wire/report.js';
import type { EdgeHeadcount, EdgeOptions, EdgeStatus, TrackOptions } from './api.js';
import { checkEvent } from './check-event.js';
import { DAY_MS, FIRST_WAIT_MS, LONGEST_WAIT_MS, RETIRED, TOO_LARGE } from './limits.js';
import { type EdgeReport, isoTime, post } from './post.js';
import { inTime, now, refusesTracking, runtime, send, uuid } from './platform/machine.js';

const ID = /^[0-9a-f]{16}$/;
/** Without a person, a report has an ID of automation, which collectors count apart. */
const NOBODY = 'ci-edge';
/** A package may have a scope; an e-mail address is no name. */
const NAME = /^.[^@]*$/;
const CHOICE = 'headcount:choice';
/** The key of what waits. */
export const QUEUE = 'headcount:queue';
const INSTALL = 'headcount:anonymous-id';
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
 * @throws HeadcountError `HEADCOUNT_ERR_INVALID_OPTION` if a text is missing, or if the endpoint is
 * not `https:`. It names the option, the expected and the given value
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
): EdgeHeadcount<Events>;
export function createHeadcount<Events extends EventDeclarations>(
  options: EdgeOptions<Events>,
  facts: Partial<ReportInfo> = { os: 'unknown', runtime },
): EdgeHeadcount<Events> {
  const { project, version, endpoint, events = {}, storage = MEMORY } = options;
  const { disabled, fetch = send, countsInstall } = options;
  const url = addressOf(project, version, endpoint);
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
  let failure: string | undefined;
  let choice: string | null | undefined;
  let install: string | undefined;
  let isPersisted = false;
  /** `false` once the storage could not be read: what it holds may be a no. */
  let isLoaded: boolean | undefined;
  let sending = Promise.resolve();
  let next: Promise<void> | undefined;
  let underway = 0;

  /** Reads what an earlier run has kept. */
  async function load(): Promise<void> {
    const kept = await storage.get(CHOICE);
    const id = countsInstall && (await storage.get(INSTALL));
    const text = await storage.get(QUEUE);
    if (isLoaded) return; // an attempt that was given up answers after the one that was not
    isLoaded = true;
    choice ??= kept; // optOut() may have been called meanwhile
    if (id && ID.test(id)) {
      install = id;
      isPersisted = true;
    }
    if (!text) return;
    stored = text;
    // The cast: the collector checks every report, and other code's texts are not of this form.
    const [before, ...rest] = JSON.parse(text) as Kept;
    queue.unshift(...before);
    [untilMs, waitMs, retired] = rest;
  }

  async function keepInstall(): Promise<void> {
    install ??= uuid().slice(19).replace('-', '');
    await storage.set(INSTALL, install);
    isPersisted = true;
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
    if (refusesTracking()) return 'environment';
    if (choice && choice !== 'on') return 'choice'; // also one that cannot be read
    return retired === self ? 'retired' : undefined;
  }

  function status(): EdgeStatus {
    const reason = off() ?? (isLoaded === false ? 'unreadable-choice' : undefined);
    return {
      mode: reason ? 'off' : 'on',
      reason,
      sent,
      queued: queue.length,
      dropped,
      error: failure ?? error,
    };
  }

  /** Whether the collector may be asked. A wait of more than a day is of a clock that was wrong. */
  const isTime = (leftMs = untilMs - now()): boolean => !(leftMs > 0 && leftMs <= DAY_MS);

  /** Keeps the newest, and what is under way. */
  const trim = (): void =>
    void (dropped += queue.splice(underway, queue.length - MAX_BATCH_REPORTS).length);

  async function deliver(): Promise<void> {
    next = undefined;
    if (!off()) {
      error = undefined;
      if (!isLoaded) await safely(load());
      if (!(isLoaded ??= false)) return;
      trim();
      if (countsInstall && !isPersisted && !off()) await safely(keepInstall());
    }
    while (!off() && queue[0] && isTime()) {
      const batch = queue.slice(0, most).map(identified);
      underway = batch.length;
      const [accepted, again, askedMs, status, fault] = await post(fetch, url, batch);
      underway = 0;
      failure = fault;
      if (status === TOO_LARGE && batch[1]) most = batch.length >> 1;
      else {
        if (status === RETIRED && !again[0]) retired = self;
        queue.splice(0, batch.length, ...again);
        sent += accepted;
        dropped += batch.length - accepted - again.length;
        waitMs = again[0] ? Math.min(LONGEST_WAIT_MS, waitMs * 2 || FIRST_WAIT_MS) : 0;
        untilMs = waitMs && now() + Math.max(waitMs, askedMs);
      }
    }
    if (off()) {
      queue = [];
      waitMs = 0;
    }
    await safely(save());
  }

  /** The ID of an install is known once the storage has answered. */
  const identified = (report: EdgeReport): EdgeReport =>
    install && report.anonymous_id === NOBODY
      ? {
          ...report,
          anonymous_id: install,
          info: { ...report.info, id_source: 'time', id_persisted: isPersisted, ci: null },
        }
      : report;

  const note = (reason: unknown): void => void (error = String(reason));

  /** What goes wrong, or takes too long, is told by the status. */
  const safely = (what: Promise<void>): Promise<void> => inTime(what).catch(note);

  /** One after the other; all reports that come before the next one begins go with it. */
  const deliverSoon = (): Promise<void> => (next ??= sending = sending.then(deliver).catch(note));

  function report(
    event: string,
    given: object,
    { anonymousId = '', waitUntil = Boolean }: TrackOptions,
  ): void {
    const fields = !off() && checkEvent(events, event, { ...given });
    if (!fields) return;
    const isPerson = ID.test(anonymousId);
    const nowMs = now();
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
      ...(Object.keys(fields)[0] && { fields }),
    });
    trim();
    waitUntil(deliverSoon());
  }

  async function choose(made: 'on' | 'off'): Promise<void> {
    choice = made;
    const isNo = made === 'off';
    if (isNo) queue = [];
    await storage.set(CHOICE, made);
    if (isNo) await storage.remove(QUEUE);
  }

  return {
    track(event: string = 'startup', fields: object = {}, how: TrackOptions = {}) {
      try {
        report(event, fields, how);
      } catch (reason) {
        note(reason); // waitUntil() of a request that has ended, or a getter that throws
      }
    },
    flush: () => deliverSoon().then(status),
    optOut: () => safely(choose('off')),
    optIn: () => safely(choose('on')),
    status,
  };
}

/** The same, where something is known of the machine. */
// The cast: the public form does not show the second parameter.
export const createWith = createHeadcount as <Events extends EventDeclarations>(
  options: EdgeOptions<Events>,
  facts: Partial<ReportInfo>,
) => EdgeHeadcount<Events>;

/** Where reports are posted to. Throws a {@link HeadcountError} for a mistake in these options. */
function addressOf(project: string, version: string, endpoint: string): string {
  let url: URL | undefined;
  try {
    url = new URL(endpoint);
  } catch {
    url = undefined; // told as a mistake
  }
  need(NAME.test(project || ''), 'project', 'a name without @', project);
  need(version, 'version', 'a text', version);
  need(
    url && !url.password && (url.protocol === 'https:' || isLoopback(url)),
    'endpoint',
    'https: without password',
    url?.origin ?? endpoint, // without the password
  );
  if (url.pathname === '/') url.pathname = REPORTS_PATH;
  return url.href;
}

/** A {@link HeadcountError} without its class, which would take more bytes. */
function need(isRight: unknown, option: string, expected: string, given: unknown): asserts isRight {
  if (isRight) return;
  throw Object.assign(new Error(`${option} must be ${expected}`), {
    name: 'HeadcountError',
    code: 'HEADCOUNT_ERR_INVALID_OPTION',
    option,
    expected,
    given,
  });
}

/** A UUIDv7 (RFC 9562): the time, and the random digits of a UUIDv4. */
const uuidV7 = (nowMs: number): string =>
  `${nowMs.toString(16).padStart(12, '0').replace(/.{8}/, '$&-')}-7${uuid().slice(15)}`;
