export type IconName = 'ok' | 'warn' | 'bad' | 'up' | 'down' | 'half-moon' | 'mark';

/** An icon out of `<Defs/>`. It says nothing of its own: words stand beside it. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="i" aria-hidden="true">
    <use href={`#${name}`} />
  </svg>
);
