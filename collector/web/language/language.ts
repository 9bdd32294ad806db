import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en, type Texts } from '../texts/en/en.js';
import { zh } from '../texts/zh/zh.js';
import type { LanguageTag } from './language-tags.js';
import { createFormats, type Formats } from './formats.js';

/** The texts of a language, and how it writes numbers and dates. */
export interface Language {
  readonly tag: LanguageTag;
  /** For `lang` and `Intl`. */
  readonly locale: string;
  readonly texts: Texts;
  readonly formats: Formats;
}

const languages: Readonly<Record<LanguageTag, Language>> = {
  en: { tag: 'en', locale: 'en', texts: en, formats: createFormats('en') },
  zh: { tag: 'zh', locale: 'zh-CN', texts: zh, formats: createFormats('zh-CN') },
};

export const languageOf = (tag: LanguageTag): Language => languages[tag];

export const LanguageContext = createContext<Language>(languages.en);

/** The language that the page is written in. */
export const useLanguage = (): Language => useContext(LanguageContext);
