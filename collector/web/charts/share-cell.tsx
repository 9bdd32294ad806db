import { percent } from './geometry.js';
import type { Slot } from './version-slots.js';

const HEIGHT = 8;

/** The bar of a share beside its figure in a table. Hatched in grey if the share is not shown. */
export const ShareCell = ({
  share,
  slot = 1,
}: {
  readonly share: number | null;
  readonly slot?: Slot;
}) => (
  <svg width="100%" height={HEIGHT} aria-hidden="true">
    <rect class="track" width="100%" height={HEIGHT} />
    {share === null ? (
      <rect class="unknown" width="100%" height={HEIGHT} />
    ) : (
      <rect class={`f${slot}`} width={percent(share)} height={HEIGHT} />
    )}
  </svg>
);
