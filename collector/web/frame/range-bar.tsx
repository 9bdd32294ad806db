import type { ComponentChildren, VNode } from 'preact';
import { useLanguage } from '../language/language.js';
import { usePage } from '../page/use-page.js';
import { COMPARISONS, type Range, RANGES, type View } from '../page/view.js';
import { Clock } from './clock.js';
import { Menu } from './menu.js';
import { SpanForm } from './span-form.js';

interface RangeBarProps {
  readonly view: View;
  /** Whether the page compares its days with earlier ones. */
  readonly compares?: boolean;
  /** Whether the page shows 28 days at most, so that longer ranges would change nothing. */
  readonly isShort?: boolean;
  /** Other choices of the page. */
  readonly children?: ComponentChildren;
}

/** The ranges that a link leads to. */
const LINKED = RANGES.filter((range): range is Exclude<Range, 'custom'> => range !== 'custom');

const SHORT = LINKED.slice(0, 2);

/** Which days a page shows, what they are compared with, and of which moment its figures are. */
export function RangeBar({
  view,
  compares = false,
  isShort = false,
  children,
}: RangeBarProps): VNode {
  const { texts, formats } = useLanguage();
  const { href } = usePage();
  const isCustom = view.range === 'custom';
  const from = formats.longDay(view.from);
  const span = view.from === view.to ? from : texts.range.span(from, formats.longDay(view.to));
  return (
    <div class="bar">
      <div class="seg" role="group" aria-label={texts.range.name}>
        {(isShort ? SHORT : LINKED).map((range) => (
          <a
            key={range}
            href={href({ range, from: undefined, to: undefined, day: undefined })}
            aria-current={range === view.range ? 'true' : undefined}
          >
            {texts.range.ranges[range]}
          </a>
        ))}
        <Menu label={isCustom ? span : texts.range.ranges.custom} isCurrent={isCustom}>
          <SpanForm view={view} />
        </Menu>
      </div>
      {compares && (
        <Menu
          class="pick"
          label={
            <>
              {texts.range.compare} <b>{texts.range.comparisons[view.compare]}</b>
            </>
          }
        >
          <ul>
            {COMPARISONS.map((compare) => (
              <li key={compare}>
                <a
                  href={href({ compare })}
                  aria-current={compare === view.compare ? 'true' : undefined}
                >
                  {texts.range.comparisons[compare]}
                </a>
              </li>
            ))}
          </ul>
        </Menu>
      )}
      {children}
      <Clock />
    </div>
  );
}
