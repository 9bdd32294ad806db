import type { VNode } from 'preact';
import { Delta as Change } from '../../charts/delta.js';
import { useLanguage } from '../../language/language.js';
import type { Figure } from '../../page/overview-content.js';

interface DeltaProps {
  readonly figure: Figure;
  /** What it is compared with. */
  readonly versus: string;
}

/** How a figure changed; that there is nothing to compare with; nothing, if nobody wants to know. */
export function Delta({ figure, versus }: DeltaProps): VNode {
  const { overview } = useLanguage().texts;
  const { change } = figure;
  if (change === null) return <>{overview.noComparison}</>;
  return (
    <>
      <Change change={change} /> {versus}
    </>
  );
}
