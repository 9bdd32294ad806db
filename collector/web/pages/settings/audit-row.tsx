import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { SettingsAct } from '../../page/settings-acts.js';
import type { SettingsParts } from '../../page/settings-content.js';
import { usePage } from '../../page/use-page.js';
import { SettingsRow } from './settings-row.js';

interface AuditRowProps extends Pick<SettingsParts, 'audit'> {
  readonly done: SettingsAct | null;
}

/** What administrators have done, newest first. */
export function AuditRow({ audit, done }: AuditRowProps): VNode {
  const { texts, formats } = useLanguage();
  const { frame, href } = usePage();
  const words = texts.settings.audit;
  const { entries, next, isFirst } = audit;
  const zone = frame.timezone ?? 'UTC';
  return (
    <SettingsRow section="audit" done={done}>
      {entries.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <div class="scroll" tabindex={0} role="region" aria-label={words.list}>
          <table class="tight">
            <thead>
              <tr>
                <th scope="col">{words.when}</th>
                <th scope="col" class="wide">
                  {words.who}
                </th>
                <th scope="col">{words.what}</th>
                <th scope="col" class="wide">
                  {words.outcome}
                </th>
              </tr>
            </thead>
            <tbody>
              {entries.map(({ at, who, action, target, outcome, details }, i) => (
                <tr key={`${at} ${i}`}>
                  <th scope="row" class="nowrap" title={formats.moment(at, zone)}>
                    <time dateTime={at}>{formats.dayAndTime(at, zone)}</time>
                    <small class="narrow">
                      <bdi>{who}</bdi>
                    </small>
                  </th>
                  <td class="wide">
                    <bdi>{who}</bdi>
                  </td>
                  <td class="long">
                    <span title={action}>{words.actions[action] ?? <code>{action}</code>}</span>{' '}
                    <bdi>{target}</bdi> {details !== '' && <span class="entry">{details}</span>}
                  </td>
                  <td class="wide">{words.outcomes[outcome]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="pager">
        {!isFirst && <a href={`${href({ before: undefined })}#audit`}>{words.newest}</a>}
        {next !== null && <a href={`${href({ before: next })}#audit`}>{words.older}</a>}
      </p>
    </SettingsRow>
  );
}
