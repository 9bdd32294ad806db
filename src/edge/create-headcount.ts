import { REPORTS_PATH } from '../project/endpoint.js';
import { isLoopback } from '../project/parse-endpoint.js';
import type { EventDeclarations } from '../report/declared-events.js';
import { MAX_BATCH_REPORTS } from '../wire/report.js';
import type { EdgeHeadcount, EdgeOptions, EdgeStatus, TrackOptions } from './api.js';
import { checkEvent } from './check-event.js';
import { type EdgeReport, post } from './post.js';
import { machine } from './platform/machine.js';

const ID = /^[0-9a-f]{16}$/;
/** Without a person, a report has an ID of automation, which collectors count apart. */
const NOBODY = 'ci-edge';
const CHOICE = 'headcount:choice';
const QUEUE = 'headcount:queue';
const INSTALL = 'headcount:anonymous-id';
const nothing = () => undefined;
const MEMORY = { get: nothing, set: nothing, remove: nothing };

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
  const { project, version, events = {}, storage = MEMORY, fetch = machine.fetch } = options;
  const url = addressOf(options);
  let queue: EdgeReport[] = [];
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
    // The cast: only this code writes that key, and the collector checks every report.
    queue.unshift(...(JSON.parse((await storage.get(QUEUE)) ?? '[]') as EdgeReport[]));
    isLoaded = true;
  }

  function off(): EdgeStatus['reason'] {
    if (options.disabled) return 'code';
    if (machine.refusesTracking()) return 'environment';
    return choice === 'off' ? 'choice' : undefined;
  }

  function status(): EdgeStatus {
    const reason = off();
    return { mode: reason ? 'off' : 'on', reason, sent, queued: queue.length, dropped, error };
  }

  async function deliver(): Promise<void> {
    if (off()) return;
    if (!isLoaded) await load();
    if (off()) queue = [];
    for (let asked = 0; queue.length > 0 && asked === 0;) {
      const batch = queue.slice(0, MAX_BATCH_REPORTS).map(identified);
      const result = await post(fetch, url, batch);
      error = result.error;
      if (result.error !== undefined) break;
      asked = result.again.length;
      queue = [...queue.slice(batch.length), ...result.again];
      sent += result.accepted;
      dropped += batch.length - result.accepted - asked;
    }
    dropped += queue.splice(0, queue.length - MAX_BATCH_REPORTS).length;
    await (queue.length > 0 ? storage.set(QUEUE, JSON.stringify(queue)) : storage.remove(QUEUE));
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
      timestamp: new Date(nowMs).toISOString(),
      project,
      event,
      lost_total: 0,
      info: {
        os: 'unknown',
        runtime: machine.runtime,
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
    throw new TypeError('expected project, version, and an https: endpoint without password');
  }
  if (url.pathname === '/') url.pathname = REPORTS_PATH;
  return url.href;
}

/** A UUIDv7 (RFC 9562): the time, and the random digits of a UUIDv4. */
function uuidV7(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${machine.uuid().slice(15)}`;
}
