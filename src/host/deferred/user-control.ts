import type {
  DiagnoseResult,
  ExportResult,
  Failure,
  ForgetResult,
  ShowResult,
} from '../../delivery/answers.js';
import type { Headcount } from '../../api.js';
import type { Preference, ChoiceResult } from '../../consent/choice.js';
import type { Consent } from '../../consent/decide.js';
import { type Notices, noticeText } from '../../consent/notice.js';
import type { SenderJob, UserTask } from '../../delivery/protocol.js';
import type { Platform } from '../../platform/platform.js';
import { personalId } from '../../report/given-id.js';
import { askSender } from './ask-sender.js';
import type { HostSide } from './host-side.js';

/** What of a {@link Headcount} is for the user rather than for the app. */
export type UserControl = Pick<
  Headcount,
  'notice' | 'optIn' | 'optOut' | 'show' | 'export' | 'forget' | 'diagnose'
>;

/** What the user's control takes. All of it is opened when it is first asked for. */
export interface UserControlParts {
  readonly platform: Platform;
  readonly project: string;
  readonly command: string | undefined;
  readonly eventNames: readonly string[];
  readonly eventsHash: () => string;
  readonly consent: () => Consent;
  readonly preference: () => Preference;
  readonly notices: () => Notices;
  readonly sender: (mode: Consent['mode']) => { readonly job: SenderJob; readonly host: HostSide };
  /** Lets whoever asks see what this process has recorded and not yet passed on. */
  readonly seal: () => void;
  /** Gives up everything that waits, and starts afresh. */
  readonly discard: () => Promise<void>;
}

/** See {@link UserControl}. Nothing of it throws or rejects. */
export function createUserControl(parts: UserControlParts): UserControl {
  const { platform, project, consent, preference, discard } = parts;

  async function choose(telemetry: 'on' | 'off'): Promise<ChoiceResult> {
    const saved = await preference().save(telemetry, parts.eventsHash());
    await discard();
    return saved;
  }

  async function ask<Answer>(task: UserTask): Promise<Answer | Failure> {
    try {
      // Whether the network may be used is decided now, and so is which outbox is looked at.
      const { mode } = consent();
      const { job, host } = parts.sender(mode);
      const given = personalId(platform.env);
      const asked = { task, mode, ...(given !== undefined && { givenId: given }) };
      return await askSender<Answer>({ platform, job: { ...job, asked }, host });
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : 'unknown' };
    }
  }

  return {
    notice() {
      const { mode, rule, source } = consent();
      const isOptIn = rule === 'mode' && source === 'opt-in';
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
    optIn: () => choose('on'),
    optOut: () => choose('off'),
    show() {
      parts.seal();
      return ask<ShowResult>('show');
    },
    export: () => ask<ExportResult>('export'),
    async forget() {
      await discard();
      return ask<ForgetResult>('forget');
    },
    diagnose: () => ask<DiagnoseResult>('diagnose'),
  };
}
