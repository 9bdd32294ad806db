import type { FastifyReply, FastifyRequest } from 'fastify';
import { dayOf, type Zone } from '../counting/day.js';
import { checkZone } from './parameters.js';
import { hasAnswer, tagAnswer, tagOf } from './answer.js';
import { CATCH_UP_MS, type StatsParts } from './stats-parts.js';

/** What every question is asked with. */
export interface Asked {
  /** `null` asks for all projects. */
  readonly project: string | null;
  /** The zone that days are told in. */
  readonly zone: Zone;
  /** Numbered since 1970. */
  readonly today: number;
  /** Every report acknowledged before this moment is counted. */
  readonly asOf: Date;
}

/**
 * Answers a question once what was acknowledged before it is counted, unless the caller has the
 * answer already.
 */
export async function askQuestion<Given>(
  request: FastifyRequest,
  reply: FastifyReply,
  { counting, projects }: StatsParts,
  answer: (asked: Asked) => Promise<Given>,
): Promise<Given> {
  const { project = null, tz } = request.query as { project?: string; tz?: string };
  const zone = projects.zoneOf(project);
  checkZone(tz, zone);
  const asOf = await counting.caughtUp(CATCH_UP_MS);
  const today = dayOf(asOf.getTime(), zone);
  const tag = tagOf(request, { version: counting.version, today, timezone: zone });
  if (hasAnswer(request, tag)) {
    tagAnswer(reply, tag);
    // Fastify takes a reply that was sent for any answer; its types do not.
    return reply.code(304).send() as unknown as Given;
  }
  const given = await answer({ project, zone, today, asOf });
  // Not before: a problem has no tag.
  tagAnswer(reply, tag);
  return given;
}
