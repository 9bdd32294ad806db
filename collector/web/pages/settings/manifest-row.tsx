import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { SettingsAct } from '../../page/settings-acts.js';
import type { SettingsParts } from '../../page/settings-content.js';
import { AreaField } from './fields.js';
import { SecondStep } from './second-step.js';
import { SettingsRow } from './settings-row.js';
import { Copyable } from './copyable.js';

interface ManifestRowProps extends Pick<SettingsParts, 'manifest'> {
  readonly done: SettingsAct | null;
}

/** What reports may say. */
export function ManifestRow({ manifest, done }: ManifestRowProps): VNode {
  const { manifest: words } = useLanguage().texts.settings;
  return (
    <SettingsRow section="manifest" done={done}>
      <p>{manifest === null ? words.none : words.set}</p>
      {manifest !== null && (
        <details class="act">
          <summary>{words.show}</summary>
          <Copyable id="manifest-text" name={words.name} text={manifest} />
        </details>
      )}
      <div>
        <SecondStep
          act="manifest-set"
          summary={manifest === null ? words.add : words.replace}
          confirm={words.setUnderstood}
          button={words.setAct}
          kind="go"
        >
          <AreaField
            name="manifest"
            label={words.json}
            hint={words.jsonHint}
            value={manifest ?? ''}
            rows={14}
            isWhole
            isRequired
          />
        </SecondStep>
        {manifest !== null && (
          <SecondStep
            act="manifest-remove"
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
