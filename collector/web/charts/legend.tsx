import { FlagKey, type Glyph, Key } from './key.js';
import type { Slot } from './version-slots.js';

export interface LegendItem {
  readonly of: Slot | Glyph | 'flag';
  readonly text: string;
}

export const Legend = ({ items }: { readonly items: readonly LegendItem[] }) => (
  <ul class="legend">
    {items.map(({ of, text }) => (
      <li key={text}>
        {of === 'flag' ? <FlagKey /> : <Key of={of} />}
        <bdi class="name" title={text}>
          {text}
        </bdi>
      </li>
    ))}
  </ul>
);
