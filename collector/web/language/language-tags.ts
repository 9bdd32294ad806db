/** The languages, by their tags in URLs and in `lang`. */
export const LANGUAGES = ['en', 'zh'] as const;

export type LanguageTag = (typeof LANGUAGES)[number];
