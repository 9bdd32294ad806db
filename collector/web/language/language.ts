import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en, type Texts } from '../texts/en/en.js';
import { zh } from '../texts/zh/zh.js';
import { createFormats, type Formats } from './formats.js';

/** The languages, by their tags in URLs and in `lang`. */
export const LANGUAGES = ['en', 'zh'] as const;

export type LanguageTag = (typeof LANGUAGES)[number];

/** The texts of a language, and how it writes numbers and dates. */
export interface Language {
  readonly tag: LanguageTag;
  readonly texts: Texts;
  readonly formats: Formats;
}

const languages: Readonly<Record<LanguageTag, Language>> = {
  en: { tag: 'en', texts: en, formats: createFormats('en') },
  zh: { tag: 'zh', texts: zh, formats: createFormats('zh-CN') },
};

export const languageOf = (tag: LanguageTag): Language => languages[tag];

export const LanguageContext = createContext<Language>(languages.en);

/** The language that the page is written in. */
export const useLanguage = (): Language => useContext(LanguageContext);
