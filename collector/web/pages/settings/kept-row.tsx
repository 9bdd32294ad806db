import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { SettingsAct } from '../../page/settings-acts.js';
import type { KeptClass, RetentionRun, SettingsParts } from '../../page/settings-content.js';
import { usePage } from '../../page/use-page.js';
import { ActForm } from './act-form.js';
import { SecondStep } from './second-step.js';
import { SettingsRow } from './settings-row.js';

interface KeptRowProps extends Pick<SettingsParts, 'retention'> {
  readonly done: SettingsAct | null;
}

/** For how long everything is kept, and the runs that drop what is older. */
export function KeptRow({ retention, done }: KeptRowProps): VNode {
  const { texts, formats } = useLanguage();
  const { href } = usePage();
  const words = texts.settings.kept;
  const { classes, running, lastRun, lastDryRun, lastError } = retention;
  return (
    <SettingsRow section="kept" done={done}>
      <dl class="kv">
        <dt>{words.lastRun}</dt>
        <dd>
          <Run run={lastRun} without={words.never} />
        </dd>
        <dt>{words.lastDryRun}</dt>
        <dd>
          <Run run={lastDryRun} without={words.never} />
        </dd>
        {lastError !== null && (
          <>
            <dt>{words.lastError}</dt>
            <dd lang="en">{lastError}</dd>
          </>
        )}
      </dl>
      {running !== null ? (
        <p role="status">
          {words.running[running.isDry ? 'dry' : 'real'](formats.percent(running.share))}{' '}
          <a href={href({})}>{words.lookAgain}</a>
        </p>
      ) : (
        <div>
          <ActForm act="retention-count" button={words.count} />
          <SecondStep
            act="retention-run"
            summary={words.run}
            confirm={words.understood}
            button={words.runAct}
            kind="no"
          />
        </div>
      )}
      <Classes classes={classes} />
    </SettingsRow>
  );
}

function Run({ run, without }: { readonly run: RetentionRun | null; readonly without: string }) {
  const { texts, formats } = useLanguage();
  const { frame } = usePage();
  const words = texts.settings.kept;
  if (run === null) return <>{without}</>;
  const at = formats.moment(run.endedAt, frame.timezone ?? 'UTC');
  const parts = run.dropped.map(({ name, rows, bytes }) =>
    words.dropped(words.classes[name]?.name ?? name, formats.number(rows), formats.bytes(bytes)),
  );
  return (
    <>
      {at}: {parts.length === 0 ? words.nothing : formats.list(parts)}
    </>
  );
}

function Classes({ classes }: { readonly classes: readonly KeptClass[] }): VNode {
  const { kept: words } = useLanguage().texts.settings;
  const time = (text: string): string => {
    const days = /^(\d+)d$/.exec(text)?.[1];
    if (days !== undefined) return words.days(Number(days));
    return text === 'forever' ? words.forever : text;
  };
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={words.list}>
      <table class="tight">
        <thead>
          <tr>
            <th scope="col">{words.what}</th>
            <th scope="col">{words.time}</th>
            <th scope="col" class="wide">
              {words.option}
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map(({ name, what, kept, fallback, option }) => (
            <tr key={name}>
              <th scope="row">
                {words.classes[name]?.name ?? name}{' '}
                <span class="entry">{words.classes[name]?.what ?? what}</span>
              </th>
              <td>
                {option === null ? (words.classes[name]?.until ?? kept) : time(kept)}
                {fallback !== null && fallback !== kept && (
                  <span class="entry"> {words.fallback(time(fallback))}</span>
                )}
              </td>
              <td class="wide">{option !== null && <code>{option}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
