import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { SettingsCleaning } from '../../page/settings-content.js';
import { usePage } from '../../page/use-page.js';
import { ActForm } from './act-form.js';
import { cleanedText } from './cleaned-text.js';

/** The cleanings of the project, with the way back while there is one. */
export function Cleanings({
  cleanings,
}: {
  readonly cleanings: readonly SettingsCleaning[];
}): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const { frame } = usePage();
  const words = texts.settings.cleaning;
  const zone = frame.timezone ?? 'UTC';
  const stateText = ({ state, progress, undoUntil }: SettingsCleaning): string => {
    if (state === 'running' || state === 'undoing') {
      return words.states[state](formats.percent(progress));
    }
    return words.states[state](formats.moment(undoUntil, zone));
  };
  if (cleanings.length === 0) return <p>{words.none}</p>;
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={words.list}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.when}</th>
            <th scope="col">{words.what}</th>
            <th scope="col" class="r">
              {words.people}
            </th>
            <th scope="col" class="r wide">
              {words.reports}
            </th>
            <th scope="col">{words.state}</th>
          </tr>
        </thead>
        <tbody>
          {cleanings.map((cleaning) => (
            <tr key={cleaning.id}>
              <th scope="row">{formats.moment(cleaning.cleanedAt, zone)}</th>
              <td>
                <bdi>{cleanedText(cleaning, language)}</bdi>
              </td>
              <td class="r">{formats.number(cleaning.people)}</td>
              <td class="r wide">{formats.number(cleaning.reports)}</td>
              <td>
                {stateText(cleaning)}
                {cleaning.coveredBy.length > 0 && (
                  <span class="entry">{words.coveredBy(cleaning.coveredBy.join(', '))}</span>
                )}
                {cleaning.state === 'done' && cleaning.coveredBy.length === 0 && (
                  <ActForm act="cleaning-undo" hidden={{ id: cleaning.id }} button={words.undo} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
