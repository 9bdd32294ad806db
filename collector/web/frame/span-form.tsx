import type { VNode } from 'preact';
import { useLanguage } from '../language/language.js';
import { usePage } from '../page/use-page.js';
import type { View } from '../page/view.js';

/** Parameters that the form sets itself, and those of a view that it leaves. */
const LEFT: readonly string[] = ['range', 'from', 'to', 'day', 'csv'];

/** Asks for the first and the last day to show. */
export function SpanForm({ view }: { readonly view: View }): VNode {
  const { range } = useLanguage().texts;
  const { frame } = usePage();
  return (
    <form class="form" method="get" action={frame.basePath + frame.path}>
      <input type="hidden" name="range" value="custom" />
      {Object.entries(frame.query)
        .filter(([name]) => !LEFT.includes(name))
        .map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
      <label>
        {range.from}
        <input type="date" name="from" value={view.from} max={view.today} required />
      </label>
      <label>
        {range.to}
        <input type="date" name="to" value={view.to} max={view.today} required />
      </label>
      <button class="btn go">{range.show}</button>
    </form>
  );
}
