import type { Static } from 'typebox';
import type {
  Cleaned,
  CleaningPreview,
  RetentionRun,
  SettingsContent,
  SettingsNote,
  SettingsOfProject,
  SettingsParts,
  SettingsToken,
} from '../../../web/page/settings-content.js';
import type { notesSchema } from '../../access/annotations-routes.js';
import type { auditSchema } from '../../access/audit-route.js';
import type { projectSchema } from '../../access/projects-routes.js';
import type { sessionsSchema } from '../../access/token-sessions-routes.js';
import type { tokensSchema } from '../../access/tokens-routes.js';
import type { cleaningsSchema, dryRunSchema } from '../../clean/cleaning-view.js';
import type { retentionStateSchema } from '../../retention/retention-routes.js';
import { type Asked, RefusedError } from '../gather.js';
import { writeRanges } from '../settings/ended-lines.js';
import { projectInPath } from '../../../web/page/project-in-path.js';

/** What a form has come to. */
export type SettingsOutcome = Partial<
  Pick<SettingsContent, 'done' | 'failure' | 'secret' | 'preview'>
>;

/** Entries of the audit log on a page. */
const AUDIT_ENTRIES = '20';

/** The settings, and what a form has come to. */
export async function gatherSettings(
  asked: Asked,
  outcome: SettingsOutcome = {},
): Promise<SettingsContent> {
  const content = {
    page: 'settings',
    ...{ done: null, failure: null, secret: null, preview: null, ...outcome },
  } as const;
  try {
    return { ...content, parts: await gatherParts(asked) };
  } catch (error) {
    // A caller who has replaced the own token is nobody any more, and must still see the new one.
    if (content.secret === null || !(error instanceof RefusedError)) throw error;
    return { ...content, parts: null };
  }
}

async function gatherParts({ ask, project, query, k }: Asked): Promise<SettingsParts> {
  const need = async <Body>(path: string, given = {}): Promise<Body> => {
    const answer = await ask(path, given);
    if (!answer.ok) throw new RefusedError(answer);
    // The route's schema says so, and its answers are of this process.
    return answer.body as Body;
  };
  const path = `/v1/projects/${projectInPath(project)}`;
  const { before } = query;
  const [set, { tokens }, { annotations }, { cleanings }, retention, audit] = await Promise.all([
    need<Static<typeof projectSchema>>(path),
    need<Static<typeof tokensSchema>>('/v1/tokens'),
    need<Static<typeof notesSchema>>(`${path}/annotations`),
    need<Static<typeof cleaningsSchema>>('/v1/cleanings'),
    need<Static<typeof retentionStateSchema>>('/v1/retention'),
    need<Static<typeof auditSchema>>('/v1/audit', { limit: AUDIT_ENTRIES, before }),
  ]);
  const token = tokens.find(({ id }) => id === query['token']);
  const notes = annotations.map(toNote);
  return {
    project: toProject(set),
    tokens: tokens.map(toToken),
    token: token === undefined ? null : { ...toToken(token), sessions: await sessionsOf(token.id) },
    notes,
    note: notes.find(({ id }) => id === query['note']) ?? null,
    cleanings: cleanings
      .filter((cleaning) => cleaning.project === project)
      .map((cleaning) => ({
        ...toCleaned(cleaning),
        ...{ id: cleaning.id, state: cleaning.state, progress: cleaning.progress },
        ...{ cleanedAt: cleaning.cleaned_at, undoUntil: cleaning.undo_until },
        coveredBy: cleaning.covered_by,
      })),
    retention: toRetention(retention),
    manifest: set.has_manifest
      ? JSON.stringify(await need<object>(`${path}/manifest`), undefined, 2)
      : null,
    audit: {
      entries: audit.entries.map(({ at, who, action, target, outcome, details = {} }) => ({
        ...{ at, who, action, target, outcome },
        details: Object.entries(details)
          .map(([name, value]) => `${name}: ${toText(value)}`)
          .join(', '),
      })),
      next: audit.next === null ? null : String(audit.next),
      isFirst: before === undefined,
    },
    k,
  };

  async function sessionsOf(id: string) {
    const { sessions } = await need<Static<typeof sessionsSchema>>(`/v1/tokens/${id}/sessions`);
    return sessions.map(({ id, created_at, last_seen_at, expires_at }) => ({
      ...{ id, createdAt: created_at, lastSeenAt: last_seen_at, expiresAt: expires_at },
    }));
  }
}

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

const toProject = (set: Static<typeof projectSchema>): SettingsOfProject => ({
  ...{ status: set.status, timezone: set.timezone, visibility: set.visibility },
  ...{ hasBadge: set.badge, coverage: set.coverage ?? '', isInvented: set.invented },
  ended: set.ended.version ?? '',
  endedRuntimes: writeRanges(set.ended.runtime_version),
  endedSystems: writeRanges(set.ended.os_version),
  ...{ hasWriteKey: set.has_write_key, hasManifest: set.has_manifest },
});

const toToken = (token: Static<typeof tokensSchema>['tokens'][number]): SettingsToken => ({
  ...{ id: token.id, name: token.name, level: token.level, project: token.project },
  ...{ status: token.status, createdAt: token.created_at },
  ...{ expiresAt: token.expires_at, lastUsedAt: token.last_used_at },
});

const toNote = (note: Static<typeof notesSchema>['annotations'][number]): SettingsNote => ({
  ...{ id: note.id, date: note.date, to: note.to, kind: note.kind },
  ...{ text: note.text, isPublic: note.public },
});

type DryRun = Static<typeof dryRunSchema>;

const toCleaned = (cleaned: Omit<DryRun, 'dry_run'>): Cleaned => ({
  ...{ from: cleaned.from, to: cleaned.to, isNew: cleaned.new, where: cleaned.where },
  ...{ people: cleaned.people, buildFarms: cleaned.ci, reports: cleaned.reports },
  ...{ firstDate: cleaned.first_date, lastDate: cleaned.last_date },
});

/** What a cleaning would take out. */
export const toPreview = (run: DryRun, typed: CleaningPreview['typed']): CleaningPreview => ({
  ...toCleaned(run),
  ...{ systems: run.os, versions: run.version, typed },
});

type State = Static<typeof retentionStateSchema>;

function toRetention(state: State): SettingsParts['retention'] {
  return {
    classes: state.classes.map(({ name, what, kept, default: fallback, option }) => ({
      ...{ name, what, kept, fallback, option },
    })),
    running: state.running && { isDry: state.running.dry_run, share: state.running.share },
    lastRun: toRun(state.last_run),
    lastDryRun: toRun(state.last_dry_run),
    lastError: state.last_error,
  };
}

const toRun = (run: State['last_run']): RetentionRun | null =>
  run && {
    endedAt: run.ended_at,
    dropped: Object.entries(run.dropped)
      .map(([name, { rows, bytes }]) => ({ name, rows, bytes }))
      .filter(({ rows }) => rows > 0),
  };
