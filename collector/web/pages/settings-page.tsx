import type { VNode } from 'preact';
import { Icon } from '../charts/icon.js';
import { Title } from '../frame/title.js';
import { useLanguage } from '../language/language.js';
import type { MadeSecret, SettingsContent, SettingsFailure } from '../page/settings-content.js';
import { AuditRow } from './settings/audit-row.js';
import { CleaningRow } from './settings/cleaning-row.js';
import { Copyable } from './settings/copyable.js';
import { errorText } from './settings/error-text.js';
import { fieldId } from './settings/field-id.js';
import { FailureContext } from './settings/form-context.js';
import { KeptRow } from './settings/kept-row.js';
import { ManifestRow } from './settings/manifest-row.js';
import { NotesRow } from './settings/notes-row.js';
import { ProjectRow } from './settings/project-row.js';
import { TokensRow } from './settings/tokens-row.js';
import { WriteKeyRow } from './settings/write-key-row.js';

/** What the administrator sets. Each act is a form, which works without script. */
export function SettingsPage({ content }: { readonly content: SettingsContent }): VNode {
  const { settings } = useLanguage().texts;
  const { done, failure, secret, preview, parts } = content;
  return (
    <FailureContext.Provider value={failure}>
      <Title title={settings.title}>{settings.lead}</Title>
      {failure !== null && <Summary failure={failure} />}
      {secret !== null && <Secret secret={secret} isSignedOut={parts === null} />}
      {parts !== null && (
        <>
          <ProjectRow {...{ done, ...parts }} />
          <TokensRow {...{ done, ...parts }} />
          <NotesRow {...{ done, ...parts }} />
          <CleaningRow {...{ done, preview, ...parts }} />
          <KeptRow {...{ done, ...parts }} />
          <WriteKeyRow {...{ done, ...parts }} />
          <ManifestRow {...{ done, ...parts }} />
          <AuditRow {...{ done, ...parts }} />
        </>
      )}
    </FailureContext.Provider>
  );
}

/** What was wrong, with a link to the field. It has the focus, so that it is read first. */
function Summary({ failure }: { readonly failure: SettingsFailure }): VNode {
  const language = useLanguage();
  const { settings } = language.texts;
  const { act, field, typed } = failure;
  return (
    <div class="note bad" role="alert" id="failure" tabindex={-1} autofocus>
      <p>
        <Icon name="bad" />
        <b>{settings.nothingChanged}</b>{' '}
        <a href={`#${fieldId(act, typed['id'], field ?? 'form')}`}>
          {errorText(failure, language)}
        </a>
      </p>
    </div>
  );
}

function Secret({
  secret,
  isSignedOut,
}: {
  readonly secret: MadeSecret;
  readonly isSignedOut: boolean;
}): VNode {
  const { settings } = useLanguage().texts;
  const { made } = settings;
  return (
    <div class="note" role="status" id="secret" tabindex={-1} autofocus>
      <p>
        <Icon name="ok" /> {made[secret.kind]} {isSignedOut && settings.signedOut}
      </p>
      <Copyable
        id="secret-text"
        name={secret.name === '' ? settings.secretNames[secret.kind] : secret.name}
        text={secret.text}
      />
    </div>
  );
}
