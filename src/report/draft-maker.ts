import { givenId } from '../identity/given-id.js';
import type { Platform } from '../platform/platform.js';
import type { Setup } from '../project/setup.js';
import type { Draft } from './draft.js';
import type { CheckedEvent } from './event-checker.js';
import { collectFacts, type Facts } from './facts.js';
import type { Sanitizer } from './sanitizer.js';
import { uuidV7 } from './uuid-v7.js';

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
