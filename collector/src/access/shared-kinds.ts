import { isManifest } from './manifest-files.js';
import { isProjectSettings } from './project-settings.js';
import { isStoredSession } from './session-file.js';
import { isStoredToken } from './token-file.js';

/** What nodes share of settings, beside the log and what the public was shown. */
export const SHARED_KINDS = {
  tokens: { kind: 'tokens', isValue: isStoredToken },
  sessions: { kind: 'sessions', isValue: isStoredSession },
  projects: { kind: 'projects', isValue: isProjectSettings },
  manifests: { kind: 'manifests', isValue: isManifest },
} as const;
