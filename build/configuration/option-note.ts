/** What an option may be, so that a test can try its limits with the real parser. */
export type OptionKind =
  /** A whole number with a unit; without `to` it has no upper bound. */
  | { readonly type: 'number'; readonly unit: string; readonly from: number; readonly to?: number }
  /** A number with one of the units behind it, such as `24h`. */
  | {
      readonly type: 'time';
      readonly units: readonly string[];
      readonly from: string;
      readonly to: string;
    }
  /** One of some words, or several with commas between. */
  | { readonly type: 'choice'; readonly values: readonly string[]; readonly isList?: boolean }
  /** Anything else: what it is, in words, and a value that is refused. */
  | { readonly type: 'text'; readonly of: string; readonly limits: string; readonly not: string };

/** What the page of the configuration says about an option, beside what its parser knows. */
export interface OptionNote {
  readonly group: OptionGroup;
  readonly kind: OptionKind;
  /** What it does, in Markdown. */
  readonly what: string;
  /** A value that people would set. */
  readonly example: string;
  /** Options that must be set with it, as flags. */
  readonly with?: readonly string[];
  /** The default in words, where the value does not tell it. */
  readonly fallback?: string;
  /** The page of the manual that explains it, with its heading. */
  readonly page: `${string}.md${'' | `#${string}`}`;
  /** Whether the README lists it. */
  readonly isCommon?: true;
}

/** The headings of the page, in their order. */
export const OPTION_GROUPS = {
  address: 'Address and data folder',
  projects: 'Projects and public answers',
  access: 'Administrator and browsers',
  proxy: 'Behind a proxy, and TLS',
  client: 'Limits for one client',
  project: 'Limits for one project',
  backup: 'Backups',
  retention: 'How long data is kept',
  log: 'Log',
  metrics: 'Metrics',
  alerts: 'Alerts and the weekly digest',
  country: 'Countries',
} as const;

export type OptionGroup = keyof typeof OPTION_GROUPS;
