import type { EventDeclarations } from '../report/declared-events.js';
import { MAX_BATCH_REPORTS } from '../wire/report.js';
import type { EdgeHeadcount, EdgeOptions, EdgeStatus, TrackOptions } from './api.js';
import { checkEvent } from './check-event.js';
import { type EdgeReport, post } from './post.js';
import { machine } from './platform/machine.js';

const ID = /^[0-9a-f]{16}$/;
/** Without a person, a report has an ID of automation, which collectors count apart. */
const NOBODY = { id: 'ci-edge', source: 'ci', ci: 'edge' } as const;
const [CHOICE, QUEUE, INSTALL] = ['headcount:choice', 'headcount:queue', 'headcount:anonymous-id'];
const MEMORY = { get: () => undefined, set: () => undefined, remove: () => undefined };

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
  const { project, version, events = {}, storage = MEMORY } = options;
  const url = addressOf(options);
  const send = options.fetch ?? machine.fetch;
  let queue: EdgeReport[] = [];
  let sent = 0;
  let dropped = 0;
  let error: string | undefined;
  let choice: string | undefined;
  let install: string | undefined;
  let loading: Promise<void> | undefined;
  let sending = Promise.resolve();

  /** Reads what an earlier run has kept. */
  async function load(): Promise<void> {
    choice ??= (await storage.get(CHOICE)) ?? undefined;
    // The cast: only this code writes that key, and the collector checks every report.
    queue.unshift(...(JSON.parse((await storage.get(QUEUE)) ?? '[]') as EdgeReport[]));
    if (!options.countsInstall) return;
    install = (await storage.get(INSTALL)) ?? undefined;
    if (install !== undefined && ID.test(install)) return;
    install = machine.uuid().slice(19).replace('-', '');
    await storage.set(INSTALL, install);
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
    await (loading ??= load());
    if (off()) queue = [];
    for (let asked = 0; queue.length > 0 && asked === 0;) {
      const batch = queue.slice(0, MAX_BATCH_REPORTS).map(identified);
      const result = await post(send, url, batch);
      error = result.error;
      if (error !== undefined) break;
      asked = result.again.length;
      queue = [...queue.slice(batch.length), ...result.again];
      sent += result.accepted;
      dropped += batch.length - result.accepted - asked;
    }
    dropped += Math.max(0, queue.length - MAX_BATCH_REPORTS);
    queue = queue.slice(-MAX_BATCH_REPORTS);
    await (queue.length > 0 ? storage.set(QUEUE, JSON.stringify(queue)) : storage.remove(QUEUE));
  }

  /** The ID of an install is known once the storage has answered. */
  const identified = (report: EdgeReport): EdgeReport =>
    install !== undefined && report.anonymous_id === NOBODY.id
      ? {
          ...report,
          anonymous_id: install,
          info: { ...report.info, id_source: 'time', id_persisted: true, ci: null },
        }
      : report;

  /** What goes wrong is told by the status. */
  const safely = (what: Promise<unknown>): Promise<void> =>
    what.then(
      () => undefined,
      (reason) => void (error = String(reason)),
    );

  /** One after the other; reports of the same moment go together. */
  const deliverSoon = (): Promise<void> => (sending = sending.then(() => safely(deliver())));

  function report(event: string, given: object, { anonymousId = '' }: TrackOptions): boolean {
    const fields = off() ? undefined : checkEvent(events, event, { ...given });
    if (!fields) return false;
    const isPerson = ID.test(anonymousId);
    const { id, source, ci } = isPerson
      ? ({ id: anonymousId, source: 'given', ci: null } as const)
      : NOBODY;
    const nowMs = machine.now();
    queue.push({
      report_id: uuidV7(nowMs),
      anonymous_id: id,
      timestamp: new Date(nowMs).toISOString(),
      project,
      event,
      lost_total: 0,
      info: {
        os: 'unknown',
        runtime: machine.runtime,
        version,
        id_source: source,
        id_persisted: isPerson,
        ci,
      },
      ...(Object.keys(fields).length > 0 && { fields }),
    });
    return true;
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
        if (report(event, fields, how)) (how.waitUntil ?? Boolean)(deliverSoon());
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
  const isLocal = /^(localhost|127\..*|\[::1\])$/.test(url.hostname);
  if (!project || !version || !(url.protocol === 'https:' || isLocal) || url.password !== '') {
    throw new TypeError('expected project, version, and an https: endpoint without password');
  }
  if (url.pathname === '/') url.pathname = '/v1/reports';
  return url.href;
}

/** A UUIDv7 (RFC 9562): the time, and the random digits of a UUIDv4. */
function uuidV7(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${machine.uuid().slice(15)}`;
}
