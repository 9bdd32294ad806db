import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { NoticeConfig } from './notice-config.js';
import type { OwnAskParts } from './digest/ask-own.js';
import { type Condition, SHARED_CONDITIONS } from './health/conditions.js';
import { examineNotices } from './health/examine-notices.js';
import type { Health } from './health/watch-health.js';
import type { Notices } from './notices/open-notices.js';
import type { ToldCondition } from './notices/notice.js';
import type { NoticeTimes } from './notices/notice-times.js';
import { listReceivers, type MailCommand, type Webhook } from './notices/receiver.js';
import type { CheckFolder } from './opened-folder.js';
import { dayOf, type Zone } from './rules/day.js';
import type { StoreReader } from './store/store.js';
import { VERSION } from './version.js';

export interface OutgoingParts extends Omit<OwnAskParts, 'signal'> {
  readonly config: NoticeConfig;
  /** The path of the outbox. */
  readonly path: string;
  readonly times: NoticeTimes;
  readonly timezone: Zone;
  readonly store: Pick<StoreReader, 'overview' | 'projects'>;
  readonly health: Pick<Health, 'conditions' | 'onChange' | 'provide'>;
  readonly now: () => Date;
  readonly isClockTrusted: () => boolean;
  readonly isLeader: () => boolean;
  readonly checkEveryMs: number;
  readonly logger: Logger;
  readonly digestLogger: Logger;
  /** Asked before the outbox is written. */
  readonly checkFolder: CheckFolder;
}

/** What the collector sends by itself. */
export interface Outgoing {
  close(): Promise<void>;
}

/** Starts to send alerts and digests. Nothing of it is loaded if nobody is to get any. */
export async function openOutgoing(parts: OutgoingParts): Promise<Outgoing> {
  const { config, path, times, now, logger, health, checkFolder, isLeader, checkEveryMs } = parts;
  const host = hostname();
  const receivers = listReceivers({
    alertWebhooks: toWebhooks(config.alertWebhook, config.alertWebhookFormat),
    digestWebhooks: toWebhooks(config.digestWebhook, config.digestWebhookFormat),
    mail: toMailCommand(config, host),
  });
  if (receivers.length === 0) return { close: () => Promise.resolve() };
  const { openNotices } = await import('./notices/open-notices.js');
  const notices = openNotices({
    ...{ receivers, path, host, times, now, logger, checkFolder, version: VERSION },
    ...{ makeId: randomUUID, random: Math.random },
    mayBegin: (name) => isLeader() || !SHARED_CONDITIONS.has(name),
  });
  health.provide('notices', () => examineNotices(notices.failing, now()));
  const hasDigest = receivers.some(({ takesDigest }) => takesDigest);
  const digest = hasDigest ? await openDigest(parts, notices) : undefined;
  const tell = (): void => notices.tell(health.conditions.map(toTold));
  // A change is told before it is in the list, and several change at the same time.
  const unsubscribe = health.onChange(() => queueMicrotask(tell));
  tell();
  // This collector may have become the one that tells of what is shared.
  const telling = setInterval(tell, checkEveryMs).unref();
  return {
    close: async () => {
      unsubscribe();
      clearInterval(telling);
      await digest?.close();
      await notices.close();
    },
  };
}

async function openDigest(
  parts: OutgoingParts,
  notices: Notices,
): Promise<{ close(): Promise<void> }> {
  const [{ createOwnAsk }, { gatherDigest }, { startDigest }] = await Promise.all([
    import('./digest/ask-own.js'),
    import('./digest/gather-digest.js'),
    import('./digest/start-digest.js'),
  ]);
  const { config, timezone, digestLogger: logger, ...others } = parts;
  return startDigest({
    ...{ ...others, logger, notices },
    schedule: { weekday: config.digestDay, hour: config.digestHour, zone: timezone },
    make: async (signal) =>
      gatherDigest({
        projects: await listProjects(parts),
        ask: createOwnAsk({ ...parts, signal }),
        conditions: parts.health.conditions.flatMap(({ name, reason }) =>
          reason === null ? [] : [{ name, reason }],
        ),
      }),
  });
}

/** Projects whose people are compared; further ones are in no order. */
const MOST_PROJECTS = 50;

/** All projects, those with most people first. */
async function listProjects({ store, timezone, now }: OutgoingParts): Promise<readonly string[]> {
  const day = dayOf(now().getTime(), timezone);
  const overview = await store.overview({ day, days: {}, mostProjects: MOST_PROJECTS });
  const largest = [...overview]
    .sort((a, b) => b.monthlyActiveUsers - a.monthlyActiveUsers)
    .flatMap(({ project }) => project ?? []);
  return [...new Set([...largest, ...(await store.projects())])];
}

const toWebhooks = (
  urls: readonly string[],
  formats: NoticeConfig['alertWebhookFormat'],
): readonly Webhook[] =>
  urls.map((url, at) => ({ url, format: formats[at] ?? formats[0] ?? 'json' }));

function toMailCommand(
  { digestCommand: command, digestTo: to, digestFrom }: NoticeConfig,
  host: string,
): MailCommand | undefined {
  if (command === undefined) return undefined;
  return { command, to, from: digestFrom ?? `headcount@${host}` };
}

const toTold = (condition: Condition): ToldCondition => {
  const { name, state, severity, value, unit, threshold, since, reason, hint, link } = condition;
  return {
    ...{ name, state, severity, value, unit, threshold, since, link },
    reason: reason ?? '',
    // The link is a member of its own.
    hint: hint.replace(` See ${link}`, ''),
  };
};
