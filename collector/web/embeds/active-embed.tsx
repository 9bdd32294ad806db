import {
  areaPath,
  INNER_WIDTH,
  linePath,
  lonePoints,
  middleOf,
  pixels,
} from '../charts/geometry.js';
import { valueTicks } from '../charts/ticks.js';
import { useLanguage } from '../language/language.js';
import type { Embed } from '../page/embed.js';
import type { PublicDay } from '../page/public-content.js';
import { EDGE, EMBED_WIDTH, EmbedFrame } from './embed-frame.js';

const HEIGHT = 220;
const LEFT = 68;
const TOP = 62;
const GROUND = HEIGHT - 30;
const WIDTH = EMBED_WIDTH - LEFT - EDGE;

/** People active in 28 days, by day. */
export const ActiveEmbed = ({
  embed,
}: {
  readonly embed: Embed & { readonly chart: 'active' };
}) => {
  const { texts, formats } = useLanguage();
  const { embeds: words, charts } = texts;
  const { days, leastShown } = embed;
  // Nobody on any day is a sentence, not a line of zeros.
  const isEmpty = days.every(({ people }) => people === 0);
  const values = days.map(({ people }) => (isEmpty ? null : people));
  const slots = values.length;
  const ticks = valueTicks(0, Math.max(0, ...values.map((value) => value ?? 0)));
  const top = ticks.at(-1) ?? 1;
  // Whole pixels and tenths: 400 days must stay small.
  const y = (value: number): number => pixels(GROUND - (value / top) * (GROUND - TOP));
  const x = (slot: number): number => pixels(LEFT + middleOf(slot, slots) * WIDTH);
  const told = (day: PublicDay | undefined): string =>
    day === undefined || day.people === null
      ? charts.fewerThan(leastShown)
      : formats.number(day.people);
  const [first, last] = [days[0], days.at(-1)];
  const end = values.findLastIndex((value) => value !== null);
  const latest = values[end] ?? null;
  return (
    <EmbedFrame
      height={HEIGHT}
      title={words.active(embed.project)}
      note={words.activeNote(formats.number(leastShown), embed.isInvented)}
      description={
        first === undefined || last === undefined
          ? charts.nothing
          : texts.publicPage.activeSentence({
              ...{ first: told(first), from: formats.longDay(first.date) },
              ...{ last: told(last), to: formats.longDay(last.date) },
            })
      }
    >
      {ticks.map((tick) => (
        <>
          <path class={tick === 0 ? 'a' : 'g'} d={`M${LEFT} ${y(tick)}H${EMBED_WIDTH - EDGE}`} />
          <text class="q e" x={LEFT - 8} y={y(tick) + 4}>
            {formats.compact(tick)}
          </text>
        </>
      ))}
      <svg
        x={LEFT}
        width={WIDTH}
        height={HEIGHT}
        viewBox={`0 0 ${INNER_WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        <path
          class="w"
          d={areaPath(
            values.map((value) => (value === null ? null : [0, value])),
            y,
            slots,
          )}
        />
        <path class="l" vector-effect="non-scaling-stroke" d={linePath(values, y, slots)} />
      </svg>
      {lonePoints(values).map((slot) => (
        <circle key={slot} class="d" cx={x(slot)} cy={y(values[slot] ?? 0)} r="3" />
      ))}
      {latest === null ? (
        <text class="q c" x={LEFT + WIDTH / 2} y={(TOP + GROUND) / 2}>
          {charts.nobody}
        </text>
      ) : (
        <>
          <circle class="d" cx={x(end)} cy={y(latest)} r="4" />
          <text class="i h e" x={EMBED_WIDTH - EDGE} y={y(latest) - 12}>
            {formats.number(latest)}
          </text>
        </>
      )}
      {labelled(slots).map((slot) => (
        <text
          key={slot}
          class={slot === slots - 1 && slots > 1 ? 'q e' : slot === 0 && slots > 1 ? 'q' : 'q c'}
          x={
            slot === slots - 1 && slots > 1
              ? EMBED_WIDTH - EDGE
              : slot === 0 && slots > 1
                ? LEFT
                : x(slot)
          }
          y={HEIGHT - 10}
        >
          {formats.day(days[slot]?.date ?? '')}
        </text>
      ))}
    </EmbedFrame>
  );
};

/** The first day, the last one, and one in the middle where there is room. */
function labelled(slots: number): readonly number[] {
  if (slots < 2) return slots === 1 ? [0] : [];
  return slots < 5 ? [0, slots - 1] : [0, Math.floor(slots / 2), slots - 1];
}
