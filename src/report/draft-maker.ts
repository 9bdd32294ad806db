import type { Platform } from '../platform/platform.js';
import type { Setup } from '../project/setup.js';
import type { CheckedEvent } from './event-checker.js';
import { collectFacts, type CiDetector } from './facts.js';
import { givenId } from './given-id.js';
import type { Sanitizer } from './sanitizer.js';

/**
 * Makes the reports of one process, each as a line for the outbox. The first report collects the
 * part that all reports have in common, and keeps it as text.
 */
export function createDraftMaker(
  setup: Setup,
  platform: Platform,
  sanitizer: Sanitizer,
  detectCi: CiDetector,
): (event: CheckedEvent) => string {
  let rest: string | undefined;
  let ciId: string | undefined;

  /** The part that is the same in every report. */
  function commonPart(): string {
    const { project, version, endpoint } = setup;
    const info = collectFacts(version, platform, detectCi, sanitizer.clean);
    if (info.ci !== null) ciId = `ci-${info.ci}`;
    const bound = endpoint.fromEnvironment && { endpoint: endpoint.url };
    return JSON.stringify({ project, info, ...bound }).slice(1);
  }

  return ({ event, fields }) => {
    rest ??= commonPart();
    const at_ms = platform.now();
    const report_id = uuidV7(at_ms, platform.randomBytes(10));
    const given_id = givenId(platform.env) ?? ciId;
    const own = JSON.stringify({ report_id, at_ms, event, fields, given_id });
    return `${own.slice(0, -1)},${rest}\n`;
  };
}

/**
 * A UUIDv7: 48 bits of milliseconds, then 74 random bits (RFC 9562, section 5.7). A collector can
 * read from it on which day the ID was made.
 *
 * @param random - 10 random bytes
 */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const time = nowMs.toString(16).padStart(12, '0');
  let hex = '';
  for (let at = 0; at < 10; at += 1) {
    const byte = random[at] ?? 0;
    // The highest bits of two bytes hold the version and the variant.
    const bits = at === 0 ? 0x70 | (byte & 0x0f) : at === 2 ? 0x80 | (byte & 0x3f) : byte;
    hex += (0x100 + bits).toString(16).slice(1);
  }
  return `${time.slice(0, 8)}-${time.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`;
}
