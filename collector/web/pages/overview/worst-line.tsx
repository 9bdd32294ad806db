import type { ComponentChildren, VNode } from 'preact';
import { CausesText } from '../../frame/causes-text.js';
import { Icon } from '../../charts/icon.js';
import { type Language, useLanguage } from '../../language/language.js';
import type { Worst } from '../../page/overview-status.js';
import type { ProjectPageName } from '../../page/project-pages.js';
import { usePage } from '../../page/use-page.js';

interface WorstLineProps {
  readonly worst: Worst;
  readonly zone: string;
}

/** The one worst thing, with where to look. */
export function WorstLine({ worst, zone }: WorstLineProps): VNode {
  const language = useLanguage();
  const { frame, hrefOfPage } = usePage();
  const isBad = worst.kind === 'unhealthy';
  const page = pageOf(worst);
  const { name, more } = describe(worst, zone, language);
  return (
    <p class={`status ${isBad ? 'bad' : 'warn'}`}>
      <strong>
        <Icon name={isBad ? 'bad' : 'warn'} />
        {name}
      </strong>
      <span>
        {more}{' '}
        {frame.pages.includes(page) && (
          <a href={hrefOfPage(page)}>{language.texts.overview.status.worst.look}</a>
        )}
      </span>
    </p>
  );
}

const pageOf = ({ kind }: Worst): ProjectPageName =>
  kind === 'unhealthy' || kind === 'condition' || kind === 'stale' ? 'system' : 'quality';

interface Described {
  readonly name: string;
  readonly more: ComponentChildren;
}

function describe(worst: Worst, zone: string, { texts, formats }: Language): Described {
  const { worst: words } = texts.overview.status;
  const number = (reports: number): string => formats.number(reports);
  switch (worst.kind) {
    case 'unhealthy':
      return { name: words.unhealthy, more: words.unhealthyMore };
    case 'stale': {
      const age = formats.duration(worst.ageMs);
      return { name: words.stale, more: words.staleMore(formats.time(worst.asOf, zone), age) };
    }
    case 'silent': {
      const last = formats.moment(worst.lastAt, zone);
      return {
        name: words.silent(formats.duration(worst.silentMs)),
        more:
          worst.usualGapMs === null
            ? words.silentMore(last)
            : words.silentUsual(last, formats.duration(worst.usualGapMs)),
      };
    }
    case 'lost':
      return {
        name: worst.reports === 'unknown' ? words.lostUnknown : words.lost(number(worst.reports)),
        more: words.lostMore,
      };
    case 'uncountable':
      return { name: words.uncountable(number(worst.reports)), more: words.uncountableMore };
    case 'condition':
      return {
        name: words.conditions[worst.name] ?? words.condition,
        more: (
          <>
            <CausesText causes={worst.causes} />
            {words.since(formats.moment(worst.since, zone))}
          </>
        ),
      };
    case 'refused':
      return {
        name: words.refused(formats.share(worst.share)),
        more: (
          <>
            {words.refusedMore(formats.share(worst.usualShare))} <code>{worst.code}</code>.
          </>
        ),
      };
  }
}
