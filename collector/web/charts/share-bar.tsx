import { useLanguage } from '../language/language.js';
import { percent } from './geometry.js';
import { Key } from './key.js';
import { partWidths } from './part-widths.js';
import type { Part } from './parts-twin.js';
import type { Slot } from './version-slots.js';

const GAP = 0.0025;
const HEIGHT = 26;

export interface SharedPart extends Part {
  readonly slot: Slot;
}

/** The shares of a whole, such as of the versions now; the name and share of each below. */
export const ShareBar = ({ parts }: { readonly parts: readonly SharedPart[] }) => {
  const { texts, formats } = useLanguage();
  const shareTexts = parts.map(({ share }) =>
    share === null ? texts.charts.unknown : formats.share(share),
  );
  const widths = partWidths(
    parts.map(({ share }) => share ?? 0),
    GAP,
  );
  const label = parts.map(({ name }, i) => texts.charts.named(name, shareTexts[i] ?? ''));
  return (
    <>
      <svg
        class="t"
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={parts.length > 0 ? formats.list(label) : texts.charts.nothing}
      >
        {widths.every(({ width }) => width === 0) && (
          <rect class="unknown" width="100%" height={HEIGHT} />
        )}
        {parts.map(({ name, slot }, i) => {
          const { x, width } = widths[i] ?? { x: 0, width: 0 };
          return (
            width > 0 && (
              <rect
                key={name}
                class={`f${slot}`}
                x={percent(x)}
                width={percent(width)}
                height={HEIGHT}
              >
                <title>{label[i]}</title>
              </rect>
            )
          );
        })}
      </svg>
      <ul class="parts">
        {parts.map(({ name, slot }, i) => (
          <li key={name}>
            <Key of={slot} />
            <bdi class="name" title={name}>
              {name}
            </bdi>
            <b>{shareTexts[i]}</b>
          </li>
        ))}
      </ul>
    </>
  );
};
