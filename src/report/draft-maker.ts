import { givenId } from '../identity/given-id.js';
import type { Platform } from '../platform/platform.js';
import type { Draft } from './draft.js';
import { collectFacts, type Facts } from './facts.js';
import { uuidV7 } from './uuid-v7.js';

/** Makes the reports of one process. The facts are collected with the first one. */
export function createDraftMaker(
  project: string,
  version: string,
  platform: Platform,
): (event: string) => Draft {
  let facts: Facts | undefined;
  return (event) => {
    facts ??= collectFacts(version, platform);
    const now = platform.now();
    const given = givenId(platform.env) ?? (facts.ci === null ? undefined : `ci-${facts.ci}`);
    return {
      report_id: uuidV7(now, platform.randomBytes(10)),
      timestamp: new Date(now).toISOString(),
      project,
      event,
      info: facts,
      ...(given !== undefined && { given_id: given }),
    };
  };
}
