import { useLanguage } from '../language/language.js';
import { Icon } from './icon.js';

/** A change with its arrow. The arrow carries the colour; the figure stays ink. */
export const Delta = ({ change }: { readonly change: number }) => {
  const { formats } = useLanguage();
  const text = formats.change(change);
  if (change === 0) return <span class="delta">{text}</span>;
  const way = change < 0 ? 'down' : 'up';
  return (
    <span class={`delta ${way}`}>
      <Icon name={way} /> {text}
    </span>
  );
};
