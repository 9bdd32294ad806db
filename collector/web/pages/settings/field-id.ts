import type { SettingsAct } from '../../page/settings-acts.js';

/** The ID of a field. Several forms of a page have fields of one name. */
export const fieldId = (act: SettingsAct, of: string | undefined, field: string): string =>
  [act, of, field].filter((part) => part !== undefined).join('-');
