import { useLanguage } from '../language/language.js';
import { countText, drawn } from './count.js';
import { percent } from './geometry.js';
import { Key } from './key.js';
import { partWidths } from './part-widths.js';
import type { Part } from './parts-twin.js';

const TEXTURES = ['solid', 'half', 'dots'] as const;
const GAP = 0.0035;
const HEIGHT = 16;

/** A part of the headline, with what it means. */
export interface CertaintyPart extends Part {
  readonly help: string;
}

export interface PartBarProps {
  /** Certain, likely and ephemeral, in this order. */
  readonly parts: readonly CertaintyPart[];
  /** The smallest number of people that is shown (k). */
  readonly leastShown: number;
}

/** How sure the headline is: solid is certain, bars are likely, dots ephemeral. */
export const PartBar = ({ parts, leastShown }: PartBarProps) => {
  const language = useLanguage();
  const { charts } = language.texts;
  const widths = partWidths(
    parts.map(({ people }) => Number(drawn(people))),
    GAP,
  );
  const texts = parts.map(({ people }) => countText(people, leastShown, language));
  const label = parts.map(({ name }, i) => charts.named(name, texts[i] ?? ''));
  return (
    <>
      <svg
        class="certainty"
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={language.formats.list(label)}
      >
        {widths.every(({ width }) => width === 0) && (
          <rect class="track" width="100%" height={HEIGHT} />
        )}
        {widths.map(
          ({ x, width }, i) =>
            width > 0 && (
              <rect
                key={i}
                class={i === 0 ? 'f1' : TEXTURES[i]}
                x={percent(x)}
                y=".5"
                width={percent(width)}
                height={HEIGHT - 1}
              />
            ),
        )}
      </svg>
      <ul class="parts">
        {parts.map(({ name, help }, i) => (
          <li key={name} title={help}>
            <Key of={TEXTURES[i] ?? 'unknown'} />
            <b>{texts[i]}</b>
            {name}
          </li>
        ))}
      </ul>
    </>
  );
};
