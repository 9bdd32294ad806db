import type { TaskParts } from './task.js';
import { whyUnknown, obstacleTo } from './user-answers.js';
import { type UserCollector, userCollectors } from './user-collectors.js';

const NO_ID = 'there is no ID here: nothing was reported, or it was deleted since';
const NO_COLLECTOR = 'no collector has acknowledged a report of this machine';

/** The collectors that can be asked about this user, at least one; or why there is none. */
export async function collectorsToAsk(
  parts: TaskParts,
): Promise<readonly UserCollector[] | string> {
  const obstacle = obstacleTo(parts);
  if (obstacle !== undefined) return obstacle;
  const found = await userCollectors(parts);
  if (typeof found === 'string') return whyUnknown(found);
  if (found.idKeys.length === 0) return NO_ID;
  return found.collectors.length === 0 ? NO_COLLECTOR : found.collectors;
}
