import type { ComponentChildren, VNode } from 'preact';

/** The title of a page, with its first sentence. */
export function Title({
  title,
  children,
}: {
  readonly title: ComponentChildren;
  readonly children?: ComponentChildren;
}): VNode {
  return (
    <div class="title">
      <h1>{title}</h1>
      {children !== undefined && <p class="lead">{children}</p>}
    </div>
  );
}
