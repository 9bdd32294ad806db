import type { CollectorExport, CollectorFailure, ExportResult } from '../../delivery/answers.js';
import { askCollector } from './ask-collector.js';
import { collectorsToAsk } from './collectors-to-ask.js';
import { parseRecord } from './receipt.js';
import type { TaskParts } from './task.js';
import { noProof, whyNot } from './user-answers.js';
import type { UserCollector } from './user-collectors.js';

/** Everything that collectors have about this user. */
export async function exportUser(parts: TaskParts): Promise<ExportResult> {
  const found = await collectorsToAsk(parts);
  if (typeof found === 'string') return { ok: false, error: found };
  const asked = await Promise.all(
    found.map(async (collector) => ({
      collector,
      result: await exportFrom(collector, parts),
    })),
  );
  const collectors = asked.map(({ result }) => result);
  const failed = asked.filter(({ collector, result }) => !result.ok && collector.isRemembered);
  const isDone = failed.length === 0 && collectors.some(({ ok }) => ok);
  return isDone ? { ok: true, collectors } : { ok: false, error: whyNot(collectors), collectors };
}

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
