import type { Static } from 'typebox';
import type { LiveContent } from '../../../web/page/live-content.js';
import type { recentSchema } from '../../stats/recent-route.js';
import type { SummaryAnswer } from '../../stats/summary.js';
import type { Gather } from '../gather.js';

/** What comes in now, and who was seen last. */
export const gatherLive: Gather = async (asked): Promise<LiveContent> => {
  const summary = await asked.need<SummaryAnswer>('/v1/stats/summary');
  const recent = await asked.need<Static<typeof recentSchema>>('/v1/stats/recent');
  return {
    page: 'live',
    activeToday: summary.daily_active_users,
    people: summary.total_users,
    totalReports: summary.total_reports,
    recent: recent.users.map((user) => ({
      mask: user.anonymous_id,
      firstSeen: user.first_seen,
      lastSeen: user.last_seen,
      os: user.os,
      version: user.version,
      reports: user.total_reports,
    })),
    groupsOf: recent.coarse?.people ?? null,
  };
};
