import { render } from 'preact-render-to-string';
import { LanguageContext, languageOf } from '../language/language.js';
import type { Embed } from '../page/embed.js';
import { ActiveEmbed } from './active-embed.js';
import { PartsEmbed } from './parts-embed.js';

/** Draws a chart for pages of others: a whole SVG file. */
export const renderEmbed = (embed: Embed): string =>
  render(
    <LanguageContext.Provider value={languageOf(embed.language)}>
      {embed.chart === 'active' ? <ActiveEmbed embed={embed} /> : <PartsEmbed embed={embed} />}
    </LanguageContext.Provider>,
  );
