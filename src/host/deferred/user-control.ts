import type {
  ExportResult,
  Failure,
  ForgetResult,
  ProofsResult,
  SenderDiagnosis,
  SendPlan,
  ShowResult,
} from '../../delivery/answers.js';
import type { Headcount } from '../../api.js';
import {
  type ChoiceResult,
  type ChoiceSource,
  type ChosenTelemetry,
  type Preference,
  saveChoice,
} from '../../consent/choice.js';
import type { Consent } from '../../consent/decide.js';
import { type Notices, noticeText } from '../../consent/notice.js';
import type { SenderJob, UserTask } from '../../delivery/protocol.js';
import { ownOnly } from '../../own-only.js';
import type { Platform } from '../../platform/platform.js';
import { givenId } from '../../report/given-id.js';
import { askSender } from './ask-sender.js';
import type { HostSide } from './host-side.js';

/** The methods of {@link Headcount} for the user, not for the app. */
export type UserControl = Pick<
  Headcount,
  'notice' | 'optIn' | 'optOut' | 'show' | 'proofs' | 'export' | 'forget' | 'diagnose'
>;

/** What {@link createUserControl} needs. Functions are called when their value is first needed. */
export interface UserControlParts {
  readonly platform: Platform;
  readonly project: string;
  readonly command: string | undefined;
  readonly eventNames: readonly string[];
  readonly eventsHash: () => string;
  readonly consent: () => Consent;
  readonly preference: () => Preference;
  readonly choicePlaces: () => readonly ChoiceSource[];
  readonly notices: () => Notices;
  readonly sender: (mode: Consent['mode']) => { readonly job: SenderJob; readonly host: HostSide };
  /** How the next report leaves. */
  readonly plan: (job: SenderJob, mode: Consent['mode']) => SendPlan;
  /** Makes the reports in this process's open segment visible to senders. */
  readonly seal: () => void;
  /** Deletes the queue; the next report makes a new reporter. */
  readonly discard: () => Promise<void>;
  /** Starts the total of lost reports again at 0: it would link the next ID to the present one. */
  readonly resetLosses: () => Promise<void>;
}

/** See {@link UserControl}. No method throws or rejects. */
export function createUserControl(parts: UserControlParts): UserControl {
  const { platform, project, consent, preference, discard } = parts;

  async function choose(telemetry: ChosenTelemetry): Promise<ChoiceResult> {
    const saved = await saveChoice(telemetry, parts.eventsHash(), {
      places: parts.choicePlaces(),
      preference: preference(),
      platform,
    });
    await discard();
    return saved;
  }

  async function ask<Answer>(task: UserTask): Promise<Answer | Failure> {
    try {
      // The mode decides now whether the network may be used, and which outbox is read.
      const { mode } = consent();
      const { job, host } = parts.sender(mode);
      const given = givenId(platform.env);
      const asked = { task, mode, ...(given !== undefined && { givenId: given }) };
      return await askSender<Answer>({ platform, job: { ...job, asked }, host });
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : 'unknown' };
    }
  }

  return {
    notice() {
      const decided = consent();
      const { mode } = decided;
      const isOptIn = decided.rule === 'mode' && decided.source === 'opt-in';
      if (mode === 'off' && !isOptIn) return undefined;
      if (!parts.notices().isDue(preference().current())) return undefined;
      parts.notices().shown();
      return noticeText({
        project,
        command: parts.command ?? `npx headcount --project ${project}`,
        events: parts.eventNames,
        isOptIn,
        isLocal: mode === 'local',
      });
    },
    async optIn(options) {
      const { level = 'full' }: { readonly level?: unknown } = ownOnly(options ?? {});
      if (level === 'full' || level === 'basic') return choose(level === 'basic' ? level : 'on');
      return { ok: false, source: 'nowhere', error: 'the level must be "full" or "basic"' };
    },
    optOut: () => choose('off'),
    show() {
      parts.seal();
      return ask<ShowResult>('show');
    },
    proofs: () => ask<ProofsResult>('proofs'),
    export: () => ask<ExportResult>('export'),
    async forget() {
      await discard();
      await parts.resetLosses();
      return ask<ForgetResult>('forget');
    },
    async diagnose() {
      const found = await ask<SenderDiagnosis>('diagnose');
      const { mode } = consent();
      return found.ok ? { ...found, plan: parts.plan(parts.sender(mode).job, mode) } : found;
    },
  };
}
