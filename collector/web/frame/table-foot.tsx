import type { ComponentChildren, VNode } from 'preact';
import { useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { usePage } from '../page/use-page.js';

interface TableFootProps {
  readonly twin: Pick<Twin, 'id'>;
  /** What the table does not show. */
  readonly children?: ComponentChildren;
}

/** The foot of a table that is its own twin: CSV and link. */
export function TableFoot({ twin, children }: TableFootProps): VNode {
  const { texts } = useLanguage();
  const { href } = usePage();
  return (
    <div class="table-foot">
      <span>{children}</span>
      <span class="out">
        <a href={href({ csv: twin.id })}>{texts.charts.csv}</a>
        <a href={`${href({})}#${twin.id}`}>{texts.charts.link}</a>
      </span>
    </div>
  );
}
