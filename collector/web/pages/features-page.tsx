import type { VNode } from 'preact';
import { Icon } from '../charts/icon.js';
import { RangeBar } from '../frame/range-bar.js';
import { Row } from '../frame/row.js';
import { Title } from '../frame/title.js';
import { type Language, useLanguage } from '../language/language.js';
import {
  FEATURE_UNITS,
  type FeaturesContent,
  type SilentSaying,
} from '../page/features-content.js';
import type { Twin } from '../page/twin.js';
import { usePage } from '../page/use-page.js';
import { EventsTable, eventsTwin, FIELDS_ID } from './events-table.js';
import { FieldBlock, fieldTwin } from './field-block.js';

/** What people do with the program. */
export function FeaturesPage({ content }: { readonly content: FeaturesContent }): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const { frame, href } = usePage();
  const { unit, event, silent, unused, span } = content;
  const days = formats.day(span.to);
  return (
    <>
      <Title title={texts.frame.pages.features}>{texts.features.lead(frame.project ?? '')}</Title>
      <RangeBar view={content.view} compares isShort>
        <div class="seg" role="group" aria-label={texts.features.count}>
          {FEATURE_UNITS.map((one) => (
            <a
              key={one}
              href={href({ count: one === 'people' ? undefined : one })}
              aria-current={one === unit ? 'true' : undefined}
            >
              {texts.features.units[one]}
            </a>
          ))}
        </div>
      </RangeBar>
      <Row
        name={texts.features.events}
        unit={
          unit === 'people'
            ? texts.features.unitPeople(span.days, days, formats.number(content.active))
            : texts.features.unitReports(span.days, days, formats.number(content.reports))
        }
      >
        <EventsTable content={content} />
      </Row>
      {event !== null && (
        <Row
          id={FIELDS_ID}
          name={event.event}
          unit={`${texts.features.fields(event.fields.length)}; ${
            unit === 'people'
              ? texts.features.ofPeople(span.days, event.event)
              : texts.features.ofReports(span.days, event.event)
          }`}
        >
          <div class="cols">
            {event.fields.map((field) => (
              <FieldBlock
                key={field.name}
                field={field}
                isOfPeople={unit === 'people'}
                whole={frame.query['all'] ?? null}
              />
            ))}
          </div>
        </Row>
      )}
      {silent.length > 0 && (
        <Row name={texts.features.silent} unit={texts.features.silentUnit}>
          <div class="stack">
            {silent.map((one) => (
              <p key={one.name} class="note warn">
                <Icon name="warn" />
                <b>
                  <code>{one.name}</code>
                </b>
                {silentText(one, language)}
              </p>
            ))}
          </div>
        </Row>
      )}
      {unused !== null && unused.length > 0 && (
        <Row name={texts.features.unused} unit={texts.features.unusedUnit(content.unusedDays)}>
          <dl class="kv">
            {unused.map(({ name, description }) => (
              <div key={name}>
                <dt>
                  <code>{name}</code>
                </dt>
                <dd>
                  <bdi>{description}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </Row>
      )}
    </>
  );
}

function silentText(
  { lastDate, daysWithout, longGapDays }: SilentSaying,
  { texts, formats }: Language,
): string {
  if (lastDate === null || daysWithout === null) return texts.features.gone;
  const usual = longGapDays === null ? '' : texts.features.usual(longGapDays);
  return (
    texts.features.lastOn(formats.longDay(lastDate)) + texts.features.without(daysWithout, usual)
  );
}

/** The tables of the page of features. */
export const featuresTwins = (content: FeaturesContent, language: Language): readonly Twin[] => [
  eventsTwin(content, language),
  ...(content.event?.fields ?? []).map((field) => fieldTwin(field, language)),
];
