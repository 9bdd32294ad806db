import type { Platform } from '../platform/platform.js';
import type { Setup } from '../project/setup.js';
import type { Draft } from './draft.js';
import type { CheckedEvent } from './event-checker.js';
import { collectFacts, type Facts } from './facts.js';
import { givenId } from './given-id.js';
import type { Sanitizer } from './sanitizer.js';

/** Makes the reports of one process. The facts are collected with the first one. */
export function createDraftMaker(
  { project, version, endpoint }: Setup,
  platform: Platform,
  sanitizer: Sanitizer,
): (event: CheckedEvent) => Draft {
  let facts: Facts | undefined;
  return ({ event, fields }) => {
    facts ??= cleanFacts(collectFacts(version, platform), sanitizer);
    const now = platform.now();
    const given = givenId(platform.env) ?? (facts.ci === null ? undefined : `ci-${facts.ci}`);
    return {
      report_id: uuidV7(now, platform.randomBytes(10)),
      timestamp: new Date(now).toISOString(),
      project,
      event,
      info: facts,
      ...(fields && { fields }),
      ...(given !== undefined && { given_id: given }),
      ...(endpoint.fromEnvironment && { endpoint: endpoint.url }),
    };
  };
}

/** The last line behind tables and patterns: no text goes out that was not looked at. */
function cleanFacts(facts: Facts, { clean }: Sanitizer): Facts {
  const entries = Object.entries(facts).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? clean(value) : value,
  ]);
  return Object.fromEntries(entries) as Facts; // the cast: the same names and kinds
}

/**
 * A UUIDv7: 48 bits of milliseconds, then 74 random ones, so that a collector can tell the day an
 * ID was made on (RFC 9562, section 5.7).
 *
 * @param random - 10 random bytes
 */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(nowMs / 0x1_0000));
  view.setUint16(4, nowMs % 0x1_0000);
  bytes.set(random.subarray(0, 10), 6);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = (at: number): string => view.getBigUint64(at).toString(16).padStart(16, '0');
  return `${hex(0)}${hex(8)}`.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
