import type { ComponentChildren } from 'preact';
import { useLanguage } from '../language/language.js';
import { EMBED_STYLE } from './embed-style.js';
import { fitText, xmlText } from './fit-text.js';

export const EMBED_WIDTH = 480;

/** How far the drawing stays from the edges, in pixels. */
export const EDGE = 16;

const MARK_WIDTH = 40;

interface EmbedFrameProps {
  readonly height: number;
  /** What the chart is of. */
  readonly title: string;
  readonly note: string;
  /** What the chart says, for those who do not see it. */
  readonly description: string;
  readonly children: ComponentChildren;
}

/** A chart for pages of others: light or dark by the reader's wish, without script or other files. */
export const EmbedFrame = ({ height, title, note, description, children }: EmbedFrameProps) => {
  const { locale } = useLanguage();
  const room = EMBED_WIDTH - 2 * EDGE - MARK_WIDTH;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={EMBED_WIDTH}
      height={height}
      viewBox={`0 0 ${EMBED_WIDTH} ${height}`}
      role="img"
      aria-labelledby="t d"
      lang={locale}
    >
      <title id="t">{xmlText(title)}</title>
      <desc id="d">{xmlText(description)}</desc>
      <style dangerouslySetInnerHTML={{ __html: EMBED_STYLE }} />
      <rect class="p" width={EMBED_WIDTH} height={height} rx="4" />
      <text class="i h" x={EDGE} y="27">
        {fitText(title, room, 15)}
      </text>
      <text class="q" x={EDGE} y="44">
        {fitText(note, room)}
      </text>
      {children}
      <path
        class="m"
        transform={`translate(${EMBED_WIDTH - 38} 14) scale(.8)`}
        stroke-width="2.3"
        stroke-linecap="round"
        d="M4 10v12M10 10v12M16 10v12M22 10v12M1.5 19.5 25.5 9.5M4 4.6v.01M10 4.6v.01M16 4.6v.01M22 4.6v.01"
      />
    </svg>
  );
};
