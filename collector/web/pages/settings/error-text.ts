import type { Language } from '../../language/language.js';
import type { SettingsFailure } from '../../page/settings-content.js';

/** What is wrong, in the page's language; in English where it has no words of its own for it. */
export function errorText(
  { code, detail, at }: Pick<SettingsFailure, 'code' | 'detail' | 'at'>,
  { texts }: Language,
): string {
  const { errors, errorAt } = texts.settings;
  const own = Object.hasOwn(errors, code) ? errors[code] : undefined;
  const text = own === undefined ? detail : own(detail);
  return at === '' ? text : errorAt(at, text);
}
