import { type Language, useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { countText } from './count.js';
import { Gaps } from './gaps.js';
import { middleOf, percent, pixels, valueScale } from './geometry.js';
import type { Part } from './parts-twin.js';
import { Plot } from './plot.js';
import { textWidth } from './text-width.js';
import { valueTicks } from './ticks.js';
import { NARROW_PX, staggeredLabels } from './x-labels.js';

const SHARE_OF_SLOT = 0.8;
const LABEL_UP = 6;
const LABEL_GAP_PX = 4;

export interface HistogramBarsProps {
  /** In the order of their ranges. */
  readonly parts: readonly Part[];
  readonly twin: Twin;
  /** The smallest number of people that is shown (k). */
  readonly leastShown: number;
  /** In pixels. */
  readonly height?: number;
}

/** A bar for each range: how long builds take, how old installations are. */
export const HistogramBars = ({ parts, twin, leastShown, height = 180 }: HistogramBarsProps) => {
  const language = useLanguage();
  const { texts, formats } = language;
  const slots = parts.length;
  const ticks = valueTicks(0, Math.max(0, ...parts.map(({ share }) => share ?? 0)), {
    whole: false,
  });
  const y = valueScale(0, ticks.at(-1) ?? 1, height);
  const shareTexts = parts.map(({ share }) => (share === null ? '' : formats.share(share)));
  const widest = Math.max(0, ...shareTexts.map(textWidth));
  const hasLabels = slots * (widest + LABEL_GAP_PX) <= NARROW_PX;

  return (
    <Plot
      height={height}
      y={y}
      yTicks={ticks}
      yText={(tick) => (Number.isInteger(tick * 100) ? formats.percent(tick) : formats.share(tick))}
      slots={slots}
      xLabels={staggeredLabels(parts.map(({ name }) => name))}
      label={sentence(parts, twin.name, leastShown, language)}
      cursor={{ twin, slot: 0 }}
      under={
        <Gaps
          missing={parts.map(({ share }) => share === null)}
          slots={slots}
          height={height}
          title={texts.charts.notShown}
        />
      }
    >
      {slots === 0 && (
        <text x="50%" y={height / 2} class="m strong">
          {texts.charts.nothing}
        </text>
      )}
      {parts.map(
        ({ name, share }, i) =>
          share !== null && (
            <rect
              key={name}
              class="f1"
              x={percent(middleOf(i, slots) - SHARE_OF_SLOT / slots / 2)}
              width={percent(SHARE_OF_SLOT / slots)}
              y={y(share)}
              height={pixels(y(0) - y(share))}
            />
          ),
      )}
      {hasLabels &&
        parts.map(
          ({ name, share }, i) =>
            share !== null && (
              <text
                key={name}
                x={percent(middleOf(i, slots))}
                y={y(share) - LABEL_UP}
                class="m halo strong"
              >
                {shareTexts[i]}
              </text>
            ),
        )}
    </Plot>
  );
};

function sentence(
  parts: readonly Part[],
  name: string,
  leastShown: number,
  language: Language,
): string {
  const { texts, formats } = language;
  if (parts.length === 0) return texts.charts.nothing;
  return texts.charts.histogramSentence({
    name,
    bars: formats.list(
      parts.map((part) =>
        texts.charts.named(
          part.name,
          part.share === null
            ? countText(part.people, leastShown, language)
            : formats.share(part.share),
        ),
      ),
    ),
  });
}
