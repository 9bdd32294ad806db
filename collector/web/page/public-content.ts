/** `/public/<project>`: what everybody sees of a project. */
export interface PublicContent {
  readonly page: 'public';
  readonly project: string;
  /** People in the 28 days to the last complete day; `null` before one day is over. */
  readonly headline: PublicDay | null;
  /** Who is counted, in the project's own words. */
  readonly coverage: string | null;
  /** The smallest number of people that is told (k). */
  readonly leastShown: number;
  /** What a project shows beyond its headline; `null` if it shows no more. */
  readonly detail: PublicDetail | null;
  /** What reports may contain; `null` if the project declares nothing. */
  readonly declared: PublicDeclaration | null;
  readonly kept: PublicKept;
  /** Whether everybody may have the project's badge. */
  readonly hasBadge: boolean;
}

/** A complete day. */
export interface PublicDay {
  readonly date: string;
  /** People in the 28 days that end with it; `null` for fewer than are told. */
  readonly people: number | null;
}

export interface PublicDetail {
  /** Complete days, oldest first. */
  readonly days: readonly PublicDay[];
  /** `null` where there are too many values to count. */
  readonly versions: PublicParts | null;
  readonly systems: PublicParts | null;
}

/** People by the values of a dimension, in the 28 days to the last complete day. */
export interface PublicParts {
  /** Most people first, `other` last. */
  readonly rows: readonly PublicPart[];
  /** Values that are left out of the rows. */
  readonly leftOut: number;
}

export interface PublicPart {
  readonly value: string;
  readonly people: number;
  readonly share: number;
  /** Whether the number is a lower bound. */
  readonly isAtLeast: boolean;
}

/** What a project's manifest says of its reports. */
export interface PublicDeclaration {
  /** What every report has. */
  readonly report: readonly { readonly path: string; readonly description: string }[];
  readonly events: readonly PublicEvent[];
}

export interface PublicEvent {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly PublicField[];
}

export interface PublicField {
  readonly name: string;
  readonly description: string | null;
  readonly kind: 'enum' | 'boolean' | 'bucket' | 'semver' | 'count';
  /** The words or ranges that it may have; none if these are not listed. */
  readonly values: readonly string[];
}

/** For how many days is kept what belongs to one person; `null` is for ever. */
export interface PublicKept {
  /** On which days somebody was active, and what they ran. */
  readonly activityDays: number | null;
  /** The row of somebody, after the last report. */
  readonly usersDays: number | null;
}
