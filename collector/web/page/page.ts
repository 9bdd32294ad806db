import type { LanguageTag } from '../language/language-tags.js';
import type { Content } from './content.js';
import type { ProjectPageName } from './project-pages.js';
import type { Theme } from './themes.js';

export type Level = 'public' | 'restricted' | 'developer' | 'administrator';

/** What surrounds every page. */
export interface Frame {
  readonly language: LanguageTag;
  readonly theme: Theme;
  /** The path below which a proxy offers the collector; empty without. */
  readonly basePath: string;
  /** The path of this page below {@link basePath}, percent-encoded: `/p/acme-cli/versions`. */
  readonly path: string;
  /** The parameters of its URL. */
  readonly query: Readonly<Record<string, string>>;
  /** The address of the collector as the visitor knows it: `https://stats.acme.dev`. */
  readonly origin: string;
  readonly project: string | null;
  /** Some of the projects that the caller may switch to, this one included. */
  readonly projects: readonly string[];
  /** Whether the project's people are invented, as those of the demo. */
  readonly isInvented: boolean;
  /** The pages of the project that the caller may see. */
  readonly pages: readonly ProjectPageName[];
  /** Whether the page shows what the public sees, whoever looks at it. */
  readonly isPublicPage: boolean;
  /** Whether the project has a public page. */
  readonly hasPublicPage: boolean;
  /** What the caller is to the project of the page. */
  readonly level: Level;
  /** What the caller is where the token opens something: the one project, or all. */
  readonly callerLevel: Level;
  /** Of the caller's token; `null` for the public. */
  readonly callerName: string | null;
  /** What forms of this session send along; `null` without a session. */
  readonly formKey: string | null;
  /** The moment of all figures on the page, in ISO 8601; `null` if it has none. */
  readonly asOf: string | null;
  /** The time zone of its days. */
  readonly timezone: string | null;
  /** The time zone that moments are written in; days have their own. */
  readonly clock: string;
  /** When the page was made, by the collector's clock, in ISO 8601. */
  readonly madeAt: string;
  readonly version: string;
}

/** All that a page is drawn from, on the server and in the browser alike. */
export interface Page {
  readonly frame: Frame;
  readonly content: Content;
}
