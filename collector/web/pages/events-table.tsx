import type { VNode } from 'preact';
import { Delta } from '../charts/delta.js';
import { ShareCell } from '../charts/share-cell.js';
import { Sparkline } from '../charts/sparkline.js';
import { TableFoot } from '../frame/table-foot.js';
import { type Language, useLanguage } from '../language/language.js';
import type { EventUse, FeaturesContent } from '../page/features-content.js';
import type { Twin, TwinCell } from '../page/twin.js';
import { usePage } from '../page/use-page.js';

const ID = 'events';

/** Where the fields of the chosen event stand. */
export const FIELDS_ID = 'fields';

const TREND_PX = { width: 84, height: 20 };

/** Events by people and by reports. */
export function EventsTable({ content }: { readonly content: FeaturesContent }): VNode {
  const { texts, formats } = useLanguage();
  const { events, leftOut, mergedBelow, weeks } = content;
  if (events.length === 0) return <p class="quiet">{texts.features.noEvents}</p>;
  return (
    <div id={ID}>
      <div class="scroll" tabindex={0} role="region" aria-label={texts.features.events}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.features.event}</th>
              <th scope="col" class="r">
                {texts.charts.people}
              </th>
              <th scope="col" class="r">
                {texts.charts.share}
              </th>
              <th scope="col">
                <span class="vh">{texts.charts.bar}</span>
              </th>
              <th scope="col" class="r wide">
                {texts.features.reports}
              </th>
              <th scope="col" class="r wide">
                {texts.features.each}
              </th>
              {weeks.length > 1 && (
                <th scope="col" class="wide">
                  {texts.features.trend(weeks.length)}
                </th>
              )}
              {hasChange(content) && (
                <th scope="col" class="r wide">
                  {texts.charts.change}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {events.map((event) => (
              <EventLine key={event.event} event={event} content={content} />
            ))}
          </tbody>
        </table>
      </div>
      <TableFoot twin={{ id: ID }}>
        {leftOut > 0 && texts.features.more(formats.number(leftOut), leftOut === 1)}{' '}
        {mergedBelow !== null && texts.systems.merged(mergedBelow)}
      </TableFoot>
    </div>
  );
}

interface EventLineProps {
  readonly event: EventUse;
  readonly content: FeaturesContent;
}

function EventLine({ event: of, content }: EventLineProps): VNode {
  const { texts, formats } = useLanguage();
  const { href } = usePage();
  const { event, people, reports, change, trend } = of;
  const share = content.unit === 'people' ? of.share : of.reportShare;
  const isChosen = content.event?.event === event;
  return (
    <tr class={people === null ? 'sup' : undefined}>
      <th scope="row">
        {event === 'other' ? (
          texts.systems.values.other
        ) : (
          <a
            href={`${href({ event })}#${FIELDS_ID}`}
            title={of.description ?? undefined}
            aria-current={isChosen ? 'true' : undefined}
          >
            <code>{event}</code>
          </a>
        )}
      </th>
      <td class="r nowrap">{peopleText(of, content, { texts, formats })}</td>
      <td class="r">{share === null ? '' : formats.share(share)}</td>
      <td class="w">
        <ShareCell share={share} slot={event === 'other' ? 0 : 1} />
      </td>
      <td class="r wide">{formats.number(reports)}</td>
      <td class="r wide">{eachText(of, formats)}</td>
      {content.weeks.length > 1 && (
        <td class="wide">{trend.length > 1 && <Sparkline values={trend} {...TREND_PX} />}</td>
      )}
      {hasChange(content) && (
        <td class="r wide">{change === null ? '–' : <Delta change={change} />}</td>
      )}
    </tr>
  );
}

const hasChange = ({ events }: FeaturesContent): boolean =>
  events.some(({ change }) => change !== null);

/** Of an event whose people are a part of `other`, it is known that they are few. */
function peopleText(
  { people }: EventUse,
  { mergedBelow }: FeaturesContent,
  { texts, formats }: Pick<Language, 'texts' | 'formats'>,
): string {
  if (people !== null) return formats.number(people);
  return mergedBelow === null ? texts.charts.unknown : texts.features.fewer(mergedBelow);
}

const eachText = ({ people, reports }: EventUse, formats: Language['formats']): string =>
  people === null || people === 0 ? '' : formats.decimal(reports / people);

/** The table of events. */
export function eventsTwin(content: FeaturesContent, language: Language): Twin {
  const { texts, formats } = language;
  const share = (value: number | null): TwinCell => ({
    value,
    text: value === null ? '–' : formats.share(value),
  });
  return {
    id: ID,
    name: texts.features.events,
    columns: [
      { key: 'event', name: texts.features.event },
      { key: 'people', name: texts.charts.people },
      { key: 'share', name: texts.charts.share },
      { key: 'reports', name: texts.features.reports },
      { key: 'report_share', name: `${texts.charts.share}, ${texts.features.reports}` },
      { key: 'change', name: texts.charts.change },
    ],
    rows: content.events.map((of) => [
      { value: of.event, text: of.event },
      { value: of.people, text: peopleText(of, content, language) },
      share(of.share),
      { value: of.reports, text: formats.number(of.reports) },
      share(of.reportShare),
      { value: of.change, text: of.change === null ? '–' : formats.change(of.change) },
    ]),
  };
}
