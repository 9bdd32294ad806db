import type { VNode } from 'preact';
import { Row } from '../../frame/row.js';
import { useLanguage } from '../../language/language.js';
import type { OwnRecord, YourDataContent } from '../../page/your-data-content.js';
import { StepForm } from './step-form.js';

interface RecordRowProps {
  readonly content: YourDataContent;
  readonly record: OwnRecord;
}

/** All that is kept. */
export function RecordRow({ content, record }: RecordRowProps): VNode {
  const { texts, formats } = useLanguage();
  const { yourData: words } = texts;
  const { first_day: first, last_day: last, active_days: days } = record;
  return (
    <Row name={words.kept} unit={words.keptUnit} id="kept">
      <div>
        <dl class="kv">
          <dt>{words.project}</dt>
          <dd>
            <bdi>{record.project}</bdi>
          </dd>
          <dt>{words.firstLast}</dt>
          <dd>
            {first === null || last === null
              ? words.nothing
              : `${formats.longDay(first)} – ${formats.longDay(last)}`}
          </dd>
          <dt>{words.reports}</dt>
          <dd>{formats.number(record.total_reports)}</dd>
          <dt>{words.days(formats.number(days.length))}</dt>
          <dd>
            {days.length === 0 ? words.nothing : days.map((day) => formats.day(day)).join(' · ')}
          </dd>
          <dt>{words.lastKnown}</dt>
          <dd>
            {Object.entries(record.facts).map(([name, value]) => (
              <div key={name}>
                <code>{name}</code> <bdi>{String(value)}</bdi>
              </div>
            ))}
          </dd>
          <dt>{words.words}</dt>
          <dd>
            {record.events.length === 0 && words.nothing}
            {record.events.map(({ dimension, value, days: on }) => (
              <div key={`${dimension} ${value}`}>
                <code>{dimension}</code> <bdi>{value}</bdi>{' '}
                <span class="quiet">{words.onDays(formats.number(on.length))}</span>
              </div>
            ))}
          </dd>
          <dt>{words.notKept}</dt>
          <dd>{words.notKeptWhat}</dd>
        </dl>
        <div class="scroll" tabindex={0} role="region" aria-label={words.howLong}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.what}</th>
                <th scope="col">{words.howLong}</th>
              </tr>
            </thead>
            <tbody lang="en">
              {record.kept.map(({ what, how_long: howLong }) => (
                <tr key={what}>
                  <td>{what}</td>
                  <td>{howLong}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <StepForm content={content} step="download">
          <button class="btn">{words.download}</button>
        </StepForm>
      </div>
    </Row>
  );
}
