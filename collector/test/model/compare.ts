import { expect } from 'vitest';
import { naiveAnswer } from './naive-answer.js';
import type { NaiveCount } from './naive-count.js';
import { newestFirst, type RecentUser } from './naive-recent.js';
import type { Question } from './questions.js';

/** Asks a collector over HTTP, or as if. */
export type Ask = (url: string) => Promise<{ status: number; body: Record<string, unknown> }>;

/**
 * Fails unless a collector answers a question as the documentation promises.
 *
 * @param now - What its clock shows; if nobody knows, when it says to have answered.
 */
export async function compare(
  ask: Ask,
  question: Question,
  count: NaiveCount,
  now?: number,
): Promise<void> {
  const url = `${question.path}?${new URLSearchParams(question.query).toString()}`;
  const { status, body } = await ask(url);
  expect({ url, status, body }).toMatchObject({ url, status: 200 });
  const answeredAt = Date.parse(typeof body['as_of'] === 'string' ? body['as_of'] : '');
  const expected: object = {
    ...naiveAnswer(count, question, now ?? (Number.isNaN(answeredAt) ? 0 : answeredAt)),
    ...(now === undefined && 'last_updated' in body && { last_updated: body['last_updated'] }),
  };
  expect({ url, body: withoutChance(body) }).toEqual({ url, body: expected });
}

/** Without masks, which are others each time, and what is the same in every answer. */
function withoutChance(body: Record<string, unknown>): object {
  const { users, ...rest } = body;
  delete rest['kept'];
  if (users === undefined) return rest;
  return { users: newestFirst((users as RecentUser[]).map(withoutMask)) };
}

function withoutMask({
  first_seen,
  last_seen,
  os,
  version,
  total_reports,
}: RecentUser): RecentUser {
  return { first_seen, last_seen, os, version, total_reports };
}
