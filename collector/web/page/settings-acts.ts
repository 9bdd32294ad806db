/** What the forms of the settings do, with the section of the page that each belongs to. */
export const SETTINGS_ACTS = {
  'project-save': 'project',
  'invented-remove': 'project',
  'token-make': 'tokens',
  'token-rotate': 'tokens',
  'token-revoke': 'tokens',
  'session-end': 'tokens',
  'sessions-end': 'tokens',
  'note-add': 'annotations',
  'note-change': 'annotations',
  'note-remove': 'annotations',
  'cleaning-preview': 'cleaning',
  'cleaning-take': 'cleaning',
  'cleaning-undo': 'cleaning',
  'retention-count': 'kept',
  'retention-run': 'kept',
  'write-key-make': 'write-key',
  'write-key-remove': 'write-key',
  'manifest-set': 'manifest',
  'manifest-remove': 'manifest',
} as const;

export type SettingsAct = keyof typeof SETTINGS_ACTS;

export type SettingsSection = (typeof SETTINGS_ACTS)[SettingsAct] | 'audit';

export const isSettingsAct = (text: string | undefined): text is SettingsAct =>
  text !== undefined && Object.hasOwn(SETTINGS_ACTS, text);
