import type { ComponentChildren, VNode } from 'preact';
import { usePage } from '../page/use-page.js';

interface MenuProps {
  readonly label: ComponentChildren;
  readonly class?: string;
  /** Whether what it offers is what the page shows. */
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

/** Opens below its label without a script, and closes when the page goes elsewhere. */
export function Menu({ label, class: name = '', isCurrent = false, children }: MenuProps): VNode {
  const { href } = usePage();
  return (
    <details class={`menu ${name}`.trimEnd()} key={href({})}>
      <summary aria-current={isCurrent ? 'true' : undefined}>
        <span>{label}</span> <span aria-hidden="true">▾</span>
      </summary>
      <div class="sheet">{children}</div>
    </details>
  );
}
