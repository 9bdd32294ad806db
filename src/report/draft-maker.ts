import type { Platform } from '../platform/platform.js';
import type { Setup } from '../project/setup.js';
import type { CheckedEvent } from './event-checker.js';
import { collectFacts, type RareFacts } from './facts.js';
import { isThisMachines } from '../project/endpoint.js';
import { givenId } from './given-id.js';
import type { Sanitizer } from './sanitizer.js';

/**
 * Makes the reports of one process, each as a line for the outbox. The first report collects the
 * part that all reports have in common, and keeps it as text.
 *
 * @returns takes an event, and the level if the user has limited it
 */
export function createDraftMaker(
  setup: Setup,
  platform: Platform,
  sanitizer: Sanitizer,
  rareFacts: RareFacts,
): (event: CheckedEvent, level?: 'basic') => string {
  let rest: string | undefined;
  let ciId: string | undefined;

  /** The part that is the same in every report. */
  function commonPart(): string {
    const { project, version, endpoint } = setup;
    const info = collectFacts(version, platform, rareFacts, sanitizer.clean, setup);
    if (info.ci !== null) ciId = `ci-${info.ci}`;
    const { url, fromEnvironment } = endpoint;
    const named = isThisMachines(endpoint) ? undefined : { url, fromEnvironment };
    return JSON.stringify({ project, info, endpoint: named }).slice(1);
  }

  return ({ event, fields }, level) => {
    rest ??= commonPart();
    const at_ms = platform.now();
    const given_id = givenId(platform.env) ?? ciId;
    const own = JSON.stringify({ at_ms, event, fields, given_id, level });
    return `${own.slice(0, -1)},${rest}\n`;
  };
}
