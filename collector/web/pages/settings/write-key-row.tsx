import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { SettingsAct } from '../../page/settings-acts.js';
import type { SettingsParts } from '../../page/settings-content.js';
import { SecondStep } from './second-step.js';
import { SettingsRow } from './settings-row.js';

interface WriteKeyRowProps extends Pick<SettingsParts, 'project'> {
  readonly done: SettingsAct | null;
}

/** The key that reports must come with. */
export function WriteKeyRow({ project, done }: WriteKeyRowProps): VNode {
  const { writeKey: words } = useLanguage().texts.settings;
  const { hasWriteKey } = project;
  return (
    <SettingsRow section="write-key" done={done}>
      <p>{hasWriteKey ? words.needed : words.open}</p>
      <div>
        <SecondStep
          act="write-key-make"
          summary={hasWriteKey ? words.replace : words.make}
          confirm={hasWriteKey ? words.replaceUnderstood : words.makeUnderstood}
          button={words.makeAct}
          kind="no"
        />
        {hasWriteKey && (
          <SecondStep
            act="write-key-remove"
            summary={words.remove}
            confirm={words.removeUnderstood}
            button={words.removeAct}
            kind="no"
          />
        )}
      </div>
    </SettingsRow>
  );
}
