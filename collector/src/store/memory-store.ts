import { isActiveWithin } from '../counting/activity-bits.js';
import type { CountedReport, QualityKind } from '../counting/counted-report.js';
import { foldQuality, foldUsers, type FoldedQuality } from '../counting/fold.js';
import { mergeUsers, type UserState } from '../counting/user-state.js';
import {
  MAX_DIMENSION_VALUES,
  OTHER,
  REMEMBERED_DAYS,
  type Scope,
  type Share,
  type Store,
} from './store.js';

interface StoredUser {
  readonly project: string;
  readonly uid: Buffer;
  readonly state: UserState<string>;
}

/** A store that forgets everything with its process: for tests and as the plainest reading of the contract. */
export function createMemoryStore(): Store {
  const users = new Map<string, StoredUser>();
  const seen = new Map<string, number>();
  const positions = new Map<string, number>();
  const values = new Map<string, Set<string>>();
  const quality: FoldedQuality[] = [];
  let changedAt: number | null = null;

  const capped = (project: string, dimension: string, value: string): string => {
    const key = `${dimension} ${project}`;
    const known = values.get(key) ?? new Set();
    values.set(key, known);
    if (known.size < MAX_DIMENSION_VALUES || value === OTHER) known.add(value);
    return known.has(value) ? value : OTHER;
  };
  const isNew = ({ reportKey, receivedDay }: CountedReport): boolean => {
    if (reportKey === null) return true;
    const key = reportKey.toString('latin1');
    if (seen.has(key)) return false;
    seen.set(key, receivedDay);
    return true;
  };
  const within = ({ project }: Scope): StoredUser[] =>
    [...users.values()].filter((user) => project === null || user.project === project);

  return {
    writer: {
      position: (journalId) => positions.get(journalId) ?? 0,
      apply: ({ journalId, after, upTo, reports, appliedAt }) => {
        if (after !== (positions.get(journalId) ?? 0)) return;
        const counted: CountedReport[] = [];
        const duplicates: CountedReport[] = [];
        for (const report of reports) (isNew(report) ? counted : duplicates).push(report);
        for (const { project, uid, state } of foldUsers(counted)) {
          const key = `${uid.toString('latin1')}${project}`;
          const added = {
            ...state,
            os: capped(project, 'os', state.os),
            version: capped(project, 'version', state.version),
          };
          const before = users.get(key);
          const merged = before === undefined ? added : mergeUsers(before.state, added);
          users.set(key, { project, uid, state: merged });
        }
        quality.push(...foldQuality(counted, duplicates));
        const today = Math.max(...reports.map(({ receivedDay }) => receivedDay));
        for (const [key, day] of seen) if (day < today - REMEMBERED_DAYS) seen.delete(key);
        positions.set(journalId, upTo);
        changedAt = appliedAt;
      },
      close: () => undefined,
    },
    reader: {
      summary: ({ project, day }) => {
        const all = within({ project }).map(({ state }) => state);
        const people = all.filter(({ ci }) => !ci);
        return {
          totalUsers: people.length,
          dailyActiveUsers: people.filter((user) => isActiveWithin(user, day, 1)).length,
          weeklyActiveUsers: people.filter((user) => isActiveWithin(user, day, 7)).length,
          ciUsers: all.length - people.length,
          totalReports: all.reduce((sum, { reports }) => sum + reports, 0),
          os: shares(people.map(({ os }) => os)),
          version: shares(people.map(({ version }) => version)),
          changedAt,
        };
      },
      recent: ({ project, limit }) =>
        within({ project })
          .filter(({ state }) => !state.ci)
          .sort((a, b) => b.state.lastSeen - a.state.lastSeen || Buffer.compare(a.uid, b.uid))
          .slice(0, limit)
          .map(({ uid, state: { firstSeen, lastSeen, os, version, reports } }) => ({
            uid,
            firstSeen,
            lastSeen,
            os,
            version,
            reports,
          })),
      quality: ({ project }) => {
        const sums: Partial<Record<QualityKind, number>> = {};
        for (const row of quality) {
          if (project !== null && row.project !== project) continue;
          sums[row.kind] = (sums[row.kind] ?? 0) + row.count;
        }
        return sums;
      },
      probe: () => undefined,
      close: () => undefined,
    },
  };
}

function shares(values: readonly string[]): Share[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, users]) => ({ value, users }))
    .sort(
      (a, b) => b.users - a.users || Buffer.compare(Buffer.from(a.value), Buffer.from(b.value)),
    );
}
