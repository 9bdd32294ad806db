import type { VNode } from 'preact';
import { Icon } from '../../charts/icon.js';
import { useLanguage } from '../../language/language.js';
import type { Figure } from '../../page/overview-content.js';

interface DeltaProps {
  readonly figure: Figure;
  /** What it is compared with. */
  readonly versus: string;
}

/** How a figure changed; that there is nothing to compare with; nothing, if nobody wants to know. */
export function Delta({ figure, versus }: DeltaProps): VNode {
  const { texts, formats } = useLanguage();
  const { change } = figure;
  if (change === null) return <>{texts.overview.noComparison}</>;
  const direction = change < 0 ? 'down' : 'up';
  return (
    <>
      <span class={`delta ${direction}`}>
        {change !== 0 && <Icon name={direction} />} {formats.change(change)}
      </span>{' '}
      {versus}
    </>
  );
}
