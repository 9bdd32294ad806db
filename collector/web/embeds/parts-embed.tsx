import { pixels } from '../charts/geometry.js';
import { useLanguage } from '../language/language.js';
import type { Embed } from '../page/embed.js';
import { countRows } from '../pages/public-twins.js';
import { EDGE, EMBED_WIDTH, EmbedFrame } from './embed-frame.js';
import { fitText, xmlText } from './fit-text.js';

const FIRST_ROW = 76;
const ROW_HEIGHT = 25;
const NAME_WIDTH = 140;
const PEOPLE_END = 236;
const SHARE_END = 300;
const BAR = 316;
const BAR_WIDTH = EMBED_WIDTH - EDGE - BAR;

interface PartsEmbedProps {
  readonly embed: Embed & { readonly chart: 'versions' | 'systems' };
}

/** People by the values of a dimension, each with the bar of its share. */
export const PartsEmbed = ({ embed }: PartsEmbedProps) => {
  const language = useLanguage();
  const { texts, formats } = language;
  const { embeds: words, charts } = texts;
  const rows = countRows(embed.parts, language);
  const share = (part: number | null): string => (part === null ? '' : formats.share(part));
  const said = rows.map(({ name, share: part }) => charts.named(name, share(part)));
  return (
    <EmbedFrame
      height={FIRST_ROW + Math.max(1, rows.length) * ROW_HEIGHT - 4}
      title={words[embed.chart](embed.project)}
      note={words.partsNote(formats.number(embed.leastShown), embed.isInvented)}
      description={rows.length === 0 ? charts.nothing : `${formats.list(said)}.`}
    >
      {rows.length === 0 && (
        <text class="q" x={EDGE} y={FIRST_ROW}>
          {charts.nothing}
        </text>
      )}
      {rows.map(({ name, people, share: part, isOther }, i) => {
        const y = FIRST_ROW + i * ROW_HEIGHT;
        return (
          <>
            <text class="i" x={EDGE} y={y}>
              {fitText(name, NAME_WIDTH)}
              {fitText(name, NAME_WIDTH) !== name && <title>{xmlText(name)}</title>}
            </text>
            <text class="i e" x={PEOPLE_END} y={y}>
              {typeof people === 'number' ? formats.number(people) : ''}
            </text>
            <text class="q e" x={SHARE_END} y={y}>
              {share(part)}
            </text>
            <rect class="t" x={BAR} y={y - 9} width={BAR_WIDTH} height="8" />
            <rect
              class={isOther === true ? 'o' : 'b'}
              x={BAR}
              y={y - 9}
              width={pixels(Math.min(1, part ?? 0) * BAR_WIDTH)}
              height="8"
            />
          </>
        );
      })}
    </EmbedFrame>
  );
};
