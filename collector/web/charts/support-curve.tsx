import { useEffect, useRef, useState } from 'preact/hooks';
import { useLanguage } from '../language/language.js';
import { INNER_WIDTH, middleOf, percent, pixels, type Scale, valueScale } from './geometry.js';
import { Plot } from './plot.js';
import type { SupportStep } from './support-twin.js';
import { textWidth } from './text-width.js';
import { NARROW_PX, WIDE_PX, type XLabel, xLabels } from './x-labels.js';

const TICKS = [0, 0.5, 1];
const SHARE_OF_SLOT = 0.84;
const LABEL_UP = 6;
const LABEL_PX = 28;
/** More versions than these are drawn as one line of steps. */
const MOST_APART = 60;
const THUMB_PX = 16;

export interface SupportCurveProps {
  /** Newest first. */
  readonly steps: readonly SupportStep[];
  /** The version that is the oldest to be supported at first; the newest if it is none of them. */
  readonly chosen: string;
  /** People of whose version nobody knows whether it is older or newer, as a number to read. */
  readonly unknown?: string | undefined;
  /** The address of the page with another choice. */
  readonly hrefOf: (version: string) => string;
  readonly onChoose?: (version: string) => void;
  /** In pixels. */
  readonly height?: number;
}

/** Which share of people the support of each version and newer ones covers, with a slider. */
export const SupportCurve = ({
  steps,
  chosen,
  unknown,
  hrefOf,
  onChoose,
  height = 170,
}: SupportCurveProps) => {
  const { texts, formats } = useLanguage();
  const wanted = Math.max(
    0,
    steps.findIndex(({ version }) => version === chosen),
  );
  const [at, setAt] = useState(wanted);
  useEffect(() => setAt(wanted), [wanted]);
  const slots = steps.length;
  const slider = useSliderWidth(slots);
  const y = valueScale(0, 1, height);
  const isDense = slots > MOST_APART;
  const width = SHARE_OF_SLOT / slots;
  const step = steps[at];
  const hasLabels = slots * LABEL_PX <= NARROW_PX;

  const nameOf = (version: string, share: number): string =>
    `${texts.charts.andNewer(version)}: ${formats.share(share)}`;
  const choose = (index: number): void => {
    setAt(index);
    const version = steps[index]?.version;
    if (version !== undefined) onChoose?.(version);
  };

  return (
    <>
      <p class="big-say">
        <output for="oldest-supported">
          {step === undefined
            ? texts.charts.nothing
            : texts.charts
                .supportSentence({
                  version: step.version,
                  share: formats.share(step.share),
                  left: formats.number(step.leftBehind),
                  unknown,
                })
                .map((part, i) => (i % 2 === 1 ? <b key={i}>{part}</b> : part))}
        </output>
      </p>
      <Plot
        height={height}
        y={y}
        yTicks={TICKS}
        yText={(tick) => formats.percent(tick)}
        slots={slots}
        xLabels={withChosen(xLabels(steps.map(({ version }) => version)), at, steps)}
        label={texts.charts.supportLabel}
        inner={
          isDense && (
            <>
              <path class="f1" d={stepsPath(steps.slice(0, at + 1), 0, slots, y)} />
              <path class="f0" d={stepsPath(steps.slice(at + 1), at + 1, slots, y)} />
            </>
          )
        }
      >
        {!isDense &&
          steps.map(({ version, share }, i) => (
            <a
              key={version}
              href={hrefOf(version)}
              tabindex={-1}
              aria-label={nameOf(version, share)}
            >
              <title>{nameOf(version, share)}</title>
              <rect
                class={i <= at ? 'f1' : 'f0'}
                x={percent(middleOf(i, slots) - width / 2)}
                width={percent(width)}
                y={y(share)}
                height={pixels(y(0) - y(share))}
              />
            </a>
          ))}
        {steps.map(
          ({ version, share }, i) =>
            (hasLabels || i === at) && (
              <text
                key={version}
                x={percent(middleOf(i, slots))}
                y={y(share) - LABEL_UP}
                class={i === at ? 'm halo strong' : 'm halo'}
              >
                {formats.percent(share)}
              </text>
            ),
        )}
      </Plot>
      {step !== undefined && (
        <label class="slide">
          <span class="vh">{texts.charts.supportName}</span>
          <input
            ref={slider}
            type="range"
            id="oldest-supported"
            min="0"
            max={slots - 1}
            value={at}
            aria-valuetext={texts.charts.andNewer(step.version)}
            onInput={({ currentTarget }) => choose(Number(currentTarget.value))}
          />
        </label>
      )}
    </>
  );
};

/** The chosen version has its label; those that would touch it have theirs on wide pages, or none. */
function withChosen(
  labels: readonly XLabel[],
  at: number,
  steps: readonly SupportStep[],
): readonly XLabel[] {
  const text = steps[at]?.version;
  if (text === undefined) return labels;
  const touches = (slot: number, widthPx: number): boolean =>
    Math.abs(slot - at) * widthPx < steps.length * (textWidth(text) + LABEL_UP);
  return [
    ...labels
      .filter(({ slot }) => !touches(slot, WIDE_PX))
      .map((label) => (touches(label.slot, NARROW_PX) ? { ...label, isAlt: true } : label)),
    { slot: at, text, isAlt: false },
  ];
}

/** The area below a line of steps, from one slot on. */
function stepsPath(steps: readonly SupportStep[], first: number, slots: number, y: Scale): string {
  const x = (slot: number): number => pixels((slot / slots) * INNER_WIDTH);
  const tops = steps.map(({ share }, i) => `V${y(share)}H${x(first + i + 1)}`);
  return steps.length > 0 ? `M${x(first)} ${y(0)}${tops.join('')}V${y(0)}Z` : '';
}

/** Lets the thumb stand below the bars, by CSSOM: its width depends on how many there are. */
function useSliderWidth(slots: number) {
  const slider = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const style = slider.current?.style;
    if (style === undefined) return;
    style.width = `calc(100% * ${slots - 1} / ${slots} + ${THUMB_PX}px)`;
    style.marginLeft = `calc(100% / ${2 * slots} - ${THUMB_PX / 2}px)`;
  }, [slots]);
  return slider;
}
