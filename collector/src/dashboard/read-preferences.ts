import type { FastifyRequest } from 'fastify';
import { LANGUAGES, type LanguageTag } from '../../web/language/language-tags.js';
import { type Theme, THEMES } from '../../web/page/themes.js';
import { readQualities } from './read-qualities.js';

/** How a visitor wants the pages: by the URL, else by an earlier choice, else by the browser. */
export interface Preferences {
  readonly language: LanguageTag;
  readonly theme: Theme;
  /** Choices in this URL, which are remembered: cookies by their names. */
  readonly chosen: Readonly<Record<string, string>>;
}

/** The cookies of choices. They say nothing else of a visitor. */
const LANGUAGE_COOKIE = 'headcount-language';
const THEME_COOKIE = 'headcount-theme';

const isLanguage = (text: unknown): text is LanguageTag => LANGUAGES.some((tag) => tag === text);

const isTheme = (text: unknown): text is Theme => THEMES.some((theme) => theme === text);

export function readPreferences(
  { cookies, headers }: Pick<FastifyRequest, 'cookies' | 'headers'>,
  query: Readonly<Record<string, string>>,
): Preferences {
  const { lang, theme } = query;
  const kept = { language: cookies[LANGUAGE_COOKIE], theme: cookies[THEME_COOKIE] };
  return {
    language: isLanguage(lang)
      ? lang
      : isLanguage(kept.language)
        ? kept.language
        : languageOf(headers['accept-language'] ?? ''),
    theme: isTheme(theme) ? theme : isTheme(kept.theme) ? kept.theme : 'auto',
    chosen: {
      ...(isLanguage(lang) && { [LANGUAGE_COOKIE]: lang }),
      ...(isTheme(theme) && { [THEME_COOKIE]: theme }),
    },
  };
}

/** The first language of `Accept-Language` that there is, by quality; English without one. */
function languageOf(accept: string): LanguageTag {
  const wanted = readQualities(accept)
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { name } of wanted) {
    const found = LANGUAGES.find(
      (language) => name === language || name.startsWith(`${language}-`),
    );
    if (found !== undefined) return found;
  }
  return 'en';
}
