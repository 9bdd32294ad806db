import { type ConditionKind, CONDITIONS, linkOf } from '../health/conditions.js';
import { MAX_LATENESS_MS } from '../rules/clock-gap.js';
import { DAY_MS } from '../rules/day.js';

/** Reports that are older than 30 days at the collector count on the day of their arrival. */
const OLD_MS = MAX_LATENESS_MS - 5 * DAY_MS;

const { journal, data, clock, cpu, memory, memory_free, disk, disk_full_soon, certificate } =
  CONDITIONS;

const OWN = {
  upstream: {
    ...{ severity: 'warning', unit: 'seconds', threshold: 60 },
    hint:
      'Look whether the collector runs, and whether this machine reaches the URL of --to, which must ' +
      'lead to a collector, and not back to this relay.',
  },
  backlog: {
    ...{ severity: 'warning', unit: 'seconds', threshold: OLD_MS / 1000 },
    hint: 'Bring the way to the collector back: after 30 days, reports no longer count on their own days.',
  },
  journal_room: {
    ...{ severity: 'warning', unit: 'percent', threshold: 80 },
    hint: 'Bring the way to the collector back, or raise --journal-bytes-limit: a full journal takes no reports.',
  },
  refused: {
    ...{ severity: 'warning', unit: 'count', threshold: 0 },
    hint: 'See refused by code, and docs/protocol.md: a write key may be missing, or a project closed.',
  },
} as const satisfies Record<string, ConditionKind>;

const WAY = 'Make room on the disk of the data folder, or bring the way to the collector back.';

/** Everything that can be wrong with a relay, by name. What it has of a collector is worded as there. */
export const RELAY_CONDITIONS = {
  journal: { ...journal, hint: 'Make room on the disk of the data folder, or restart the relay.' },
  data: {
    ...data,
    hint: 'Make room in the data folder, mount it writable, or give it to the relay’s user.',
  },
  clock: { ...clock, hint: 'Put the machine’s clock right; if it is right, restart the relay.' },
  ...OWN,
  disk: { ...disk, hint: WAY },
  disk_full_soon: { ...disk_full_soon, hint: WAY },
  ...{ certificate, cpu, memory, memory_free },
} as const satisfies Record<string, ConditionKind>;

/** The name of a condition of a relay. */
export type RelayConditionName = keyof typeof RELAY_CONDITIONS;

const RELAY_PAGE =
  'https://github.com/headcount-dev/headcount/blob/main/docs/collector/relay.md#watching-it';

/** The address of a condition's paragraph. */
export const relayLinkOf = (name: RelayConditionName): string =>
  isOwn(name) ? RELAY_PAGE : linkOf(name);

const isOwn = (name: RelayConditionName): name is keyof typeof OWN => Object.hasOwn(OWN, name);
