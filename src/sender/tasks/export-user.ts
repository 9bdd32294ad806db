import type {
  CollectorExport,
  CollectorFailure,
  ExportResult,
  Failure,
} from '../../delivery/answers.js';
import { askCollector } from './ask-collector.js';
import { parseRecord } from './receipt.js';
import type { TaskParts } from './task.js';
import { ID_UNREADABLE, noProof, obstacleTo, whyNot } from './user-answers.js';
import { type UserCollector, userCollectors } from './user-collectors.js';

const NO_ID = 'there is no ID here: nothing was reported, or it was deleted since';
const NO_COLLECTOR = 'no collector has acknowledged a report of this machine';

/** Everything that collectors have about this user. */
export async function exportUser(parts: TaskParts): Promise<ExportResult> {
  const obstacle = obstacleTo(parts);
  if (obstacle !== undefined) return failure(obstacle);
  const found = await userCollectors(parts);
  if (found === 'unreadable') return failure(ID_UNREADABLE);
  if (found.idKeys.length === 0) return failure(NO_ID);
  if (found.collectors.length === 0) return failure(NO_COLLECTOR);
  const asked = await Promise.all(
    found.collectors.map(async (collector) => ({
      collector,
      result: await exportFrom(collector, parts),
    })),
  );
  const collectors = asked.map(({ result }) => result);
  const failed = asked.filter(({ collector, result }) => !result.ok && collector.isRemembered);
  const isDone = failed.length === 0 && collectors.some(({ ok }) => ok);
  return isDone ? { ok: true, collectors } : { ok: false, error: whyNot(collectors), collectors };
}

const failure = (error: string): Failure => ({ ok: false, error });

async function exportFrom(
  { proof, ...collector }: UserCollector,
  parts: TaskParts,
): Promise<CollectorExport | CollectorFailure> {
  if (proof === undefined) return noProof(collector);
  const { project } = parts.job;
  const answer = await askCollector('GET', { ...collector, proof }, parts, (json) =>
    parseRecord(json, project),
  );
  if (!answer.ok) return answer;
  const { endpoint, anonymousId } = collector;
  return { ok: true, collector: endpoint.url, anonymousId, data: answer.value };
}
