import type { ComponentChildren, VNode } from 'preact';

interface RowProps {
  readonly name: string;
  /** The unit of what is beside it, or another short word on it. */
  readonly unit?: ComponentChildren;
  /** A link to more. */
  readonly more?: ComponentChildren;
  /** For links to the section. */
  readonly id?: string;
  readonly children: ComponentChildren;
}

/** A section: its name in the margin, its matter beside it. */
export function Row({ name, unit, more, id, children }: RowProps): VNode {
  return (
    <section class="row" id={id}>
      <header>
        <h2>{name}</h2>
        {unit !== undefined && <p>{unit}</p>}
        {more !== undefined && <span class="more">{more}</span>}
      </header>
      {children}
    </section>
  );
}
