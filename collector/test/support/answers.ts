import type { Share } from '../../src/store/questions.js';
import { openCountsReader } from '../../src/store/sqlite/counts-reader.js';
import type { Answers } from './counts-v2.js';

const toRecord = (shares: readonly Share[]): Record<string, number> =>
  Object.fromEntries(shares.map(({ value, users }) => [value, users]));

/** Asks counts the questions that `like` has answers to. */
export async function answersOf(path: string, like: Answers): Promise<Answers> {
  const reader = openCountsReader(path);
  const answers: Record<string, Answers[string]> = {};
  for (const [name, { days }] of Object.entries(like)) {
    const project = name === '' ? null : name;
    const summary = await reader.summary({ project, day: 0 });
    const counted: [number, number, number][] = [];
    for (const [day] of days) {
      const { dailyActiveUsers, weeklyActiveUsers } = await reader.summary({ project, day });
      counted.push([day, dailyActiveUsers, weeklyActiveUsers]);
    }
    answers[name] = {
      total_users: summary.totalUsers,
      ci_users: summary.ciUsers,
      total_reports: summary.totalReports,
      os: toRecord(summary.os),
      version: toRecord(summary.version),
      quality: { ...(await reader.quality({ project })) },
      days: counted,
    };
  }
  await reader.close();
  return answers;
}
