import type { LanguageTag } from '../language/language-tags.js';
import type { PublicDay, PublicParts } from './public-content.js';

/** The charts that pages of others may show. */
export const EMBEDS = ['active', 'versions', 'systems'] as const;

export type EmbedName = (typeof EMBEDS)[number];

/** What a chart for pages of others is drawn from. */
export type Embed = EmbedFrame &
  (
    | { readonly chart: 'active'; readonly days: readonly PublicDay[] }
    | { readonly chart: 'versions' | 'systems'; readonly parts: PublicParts }
  );

interface EmbedFrame {
  readonly language: LanguageTag;
  readonly project: string;
  readonly isInvented: boolean;
  /** The smallest number of people that is told (k). */
  readonly leastShown: number;
}
