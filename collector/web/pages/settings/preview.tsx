import type { VNode } from 'preact';
import { Icon } from '../../charts/icon.js';
import { useLanguage } from '../../language/language.js';
import type { CleaningPreview, ValuePeople } from '../../page/settings-content.js';
import { ActForm } from './act-form.js';
import { systemName } from '../value-rows.js';
import { cleanedText } from './cleaned-text.js';

/** What a cleaning would take out, and the form that takes it out. Nothing was changed yet. */
export function Preview({ preview }: { readonly preview: CleaningPreview }): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const words = texts.settings.cleaning;
  const { people, buildFarms, reports, firstDate, lastDate, systems, versions, typed } = preview;
  const isNothing = people === 0 && buildFarms === 0 && reports === 0;
  const parts = (values: readonly ValuePeople[]): string =>
    formats.list(values.map(({ value, people }) => words.part(value, formats.number(people))));
  return (
    <div class="chosen" id="preview">
      <h3>
        {words.preview} <small>{cleanedText(preview, language)}</small>
      </h3>
      <dl class="kv">
        <dt>{words.people}</dt>
        <dd>{formats.number(people)}</dd>
        {buildFarms > 0 && (
          <>
            <dt>{words.buildFarms}</dt>
            <dd>{formats.number(buildFarms)}</dd>
          </>
        )}
        <dt>{words.reports}</dt>
        <dd>{formats.number(reports)}</dd>
        {firstDate !== null && lastDate !== null && (
          <>
            <dt>{words.days}</dt>
            <dd>
              {firstDate === lastDate
                ? formats.longDay(firstDate)
                : texts.range.span(formats.longDay(firstDate), formats.longDay(lastDate))}
            </dd>
          </>
        )}
        {systems.length > 0 && (
          <>
            <dt>{words.systems}</dt>
            <dd>
              {parts(systems.map((system) => ({ ...system, value: systemName(system.value) })))}
            </dd>
          </>
        )}
        {versions.length > 0 && (
          <>
            <dt>{words.versions}</dt>
            <dd>{parts(versions)}</dd>
          </>
        )}
      </dl>
      {isNothing ? (
        <p>{words.nothing}</p>
      ) : (
        <>
          <p class="note warn">
            <Icon name="warn" />
            {words.warning}
          </p>
          <ActForm
            act="cleaning-take"
            hidden={typed}
            confirm={words.understood}
            button={words.take}
            kind="no"
          />
        </>
      )}
    </div>
  );
}
