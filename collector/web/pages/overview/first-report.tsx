import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import { usePage } from '../../page/use-page.js';

/** When the first report came, with the way there. */
export function FirstReport({ date }: { readonly date: string }): VNode {
  const { texts, formats } = useLanguage();
  const { href } = usePage();
  return (
    <>
      {texts.overview.firstReport(formats.longDay(date))}{' '}
      <a href={href({ range: 'custom', from: date, to: undefined, day: undefined })}>
        {texts.overview.showFromThere}
      </a>
    </>
  );
}
