import type { Logger } from 'pino';
import { openSessions, type Sessions } from './access/sessions.js';
import { openTokens, type Tokens } from './access/tokens.js';
import type { DataFolder } from './data-folder.js';
import { createFailureLog } from './logs/failure-log.js';
import type { LogSource } from './logs/log-sources.js';
import { tellClock } from './tell-clock.js';
import { type OpenedSettings, openSettings } from './open-settings.js';
import type { CheckFolder } from './opened-folder.js';
import type { OpenedParts } from './opened-parts.js';
import type { CountsPlace } from './store/counts-place.js';

/** What is set, and who may do what. */
export interface OpenedAccess {
  readonly settings: OpenedSettings;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
}

export interface OpenAccessOptions {
  readonly folder: DataFolder;
  readonly counts: CountsPlace;
  readonly adminToken: string | undefined;
  readonly checkFolder: CheckFolder;
  /** How often nodes on one store look at what others do, in milliseconds. */
  readonly checkNodesEveryMs: number;
  readonly onFirstToken: ((token: string, file: string) => void) | undefined;
  readonly now: () => Date;
  readonly logOf: (source: LogSource) => Logger;
  readonly keep: OpenedParts['keep'];
}

/** Opens settings, tokens and sessions. */
export async function openAccess(options: OpenAccessOptions): Promise<OpenedAccess> {
  const { folder, counts, adminToken, checkFolder, now, logOf, keep } = options;
  const failures = keep(createFailureLog({ logger: logOf('tokens'), now }));
  const onSessionsFailure = (error: unknown): void => failures.failed(error, 'sessions failed');
  const sharing = keep(createFailureLog({ logger: logOf('counts'), now }));
  const notFollowed = 'the other collectors are not followed';
  const settings = keep(
    await openSettings({
      ...{ folder, counts, checkFolder, now, onSessionsFailure },
      everyMs: options.checkNodesEveryMs,
      onUnused: (paths) => {
        const message = 'these are not used: the store has settings and tokens already';
        logOf('start').warn({ paths }, message);
      },
      onClock: tellClock(logOf('counts')),
      onFailure: (error) => sharing.failed(error, notFollowed),
      onRecovery: () => sharing.ended(notFollowed, 'the other collectors are followed again'),
    }),
  );
  const tokens = keep(
    await openTokens({
      ...{ store: settings.tokens, adminFile: folder.adminToken, adminToken, now },
      onFailure: (error) => failures.failed(error, 'tokens failed'),
      onFirstToken: (token, file) => {
        logOf('start').info({ file }, 'the first administrator’s token is in the file');
        options.onFirstToken?.(token, file);
      },
    }),
  );
  const sessions = keep(
    openSessions({ store: settings.sessions, tokens, now, onFailure: onSessionsFailure }),
  );
  return { settings, tokens, sessions };
}
