import { activeDays, isActiveWithin } from '../counting/activity-bits.js';
import type { CountedReport, QualityKind } from '../counting/counted-report.js';
import { DAY_MS } from '../counting/day.js';
import { foldQuality, foldUsers, type FoldedQuality } from '../counting/fold.js';
import { mergeUsers, type UserState } from '../counting/user-state.js';
import {
  MAX_DIMENSION_VALUES,
  OTHER,
  REMEMBERED_DAYS,
  TOMBSTONE_DAYS,
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
  const tombstones = new Map<string, number>();
  const values = new Map<string, Set<string>>();
  const projects = new Set<string>();
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
  const keyOf = (project: string, uid: Uint8Array): string =>
    `${Buffer.from(uid).toString('latin1')}${project}`;
  const isForgotten = ({ project, uid, madeAt }: CountedReport): boolean =>
    madeAt <= (tombstones.get(keyOf(project, uid)) ?? -Infinity);
  const within = ({ project }: Scope): StoredUser[] =>
    [...users.values()].filter((user) => project === null || user.project === project);

  return {
    writer: {
      position: (journalId) => positions.get(journalId) ?? 0,
      apply: ({ journalId, after, upTo, reports, deletions, appliedAt }) => {
        if (after !== (positions.get(journalId) ?? 0)) return;
        const counted: CountedReport[] = [];
        const duplicates: CountedReport[] = [];
        const forgotten: CountedReport[] = [];
        for (const report of reports) {
          if (!isNew(report)) duplicates.push(report);
          else (isForgotten(report) ? forgotten : counted).push(report);
        }
        for (const { project, uid, state } of foldUsers(counted)) {
          const key = keyOf(project, uid);
          const added = {
            ...state,
            os: capped(project, 'os', state.os),
            version: capped(project, 'version', state.version),
          };
          const before = users.get(key);
          const merged = before === undefined ? added : mergeUsers(before.state, added);
          users.set(key, { project, uid, state: merged });
        }
        for (const { project } of reports) projects.add(project);
        quality.push(...foldQuality(counted, { duplicates, forgotten }));
        const today = Math.max(...reports.map(({ receivedDay }) => receivedDay));
        for (const [key, day] of seen) if (day < today - REMEMBERED_DAYS) seen.delete(key);
        for (const [key, deletedAt] of tombstones) {
          if (deletedAt < (today - TOMBSTONE_DAYS) * DAY_MS) tombstones.delete(key);
        }
        for (const { project, uid, deletedAt } of deletions) {
          const key = keyOf(project, uid);
          users.delete(key);
          tombstones.set(key, Math.max(deletedAt, tombstones.get(key) ?? -Infinity));
        }
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
      projects: () => [...projects].sort(),
      user: ({ project, uid }) => {
        const key = keyOf(project, uid);
        const state = users.get(key)?.state;
        return {
          deletedAt: tombstones.get(key) ?? null,
          counted:
            state === undefined
              ? null
              : {
                  firstSeen: state.firstSeen,
                  lastSeen: state.lastSeen,
                  days: activeDays(state),
                  reports: state.reports,
                  dimensions: { os: state.os, version: state.version },
                  ci: state.ci,
                  idSource: state.idSource,
                  idPersisted: state.idPersisted,
                },
        };
      },
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
