import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { SettingsAct } from '../../page/settings-acts.js';
import type { CleaningPreview, SettingsParts } from '../../page/settings-content.js';
import { ActForm } from './act-form.js';
import { Cleanings } from './cleanings.js';
import { SelectField, TextField, TickField } from './fields.js';
import { Preview } from './preview.js';
import { SettingsRow } from './settings-row.js';

interface CleaningRowProps extends Pick<SettingsParts, 'cleanings'> {
  readonly preview: CleaningPreview | null;
  readonly done: SettingsAct | null;
}

/** The facts of people that may be named, and what reports say. */
const DIMENSIONS = [
  ...['os', 'os_version', 'version', 'channel', 'level', 'certainty', 'arch', 'runtime'],
  ...['runtime_version', 'container', 'wsl', 'agent', 'country', 'event', 'field'],
];

/** Takes out what should not count: chosen, looked at, then taken out, and given back. */
export function CleaningRow({ cleanings, preview, done }: CleaningRowProps): VNode {
  const { cleaning: words } = useLanguage().texts.settings;
  const typed = preview?.typed ?? {};
  return (
    <SettingsRow section="cleaning" done={done}>
      <p>{words.lead}</p>
      <ActForm act="cleaning-preview" button={words.look} kind="go">
        <TextField type="date" name="from" label={words.from} value={typed['from'] ?? ''} />
        <TextField type="date" name="to" label={words.to} value={typed['to'] ?? ''} />
        <TickField
          name="new"
          label={words.isNew}
          hint={words.isNewHint}
          isOn={typed['new'] === 'true'}
        />
        <SelectField
          name="dimension"
          label={words.dimension}
          value={typed['dimension'] ?? ''}
          options={[
            ['', words.anything] as const,
            ...DIMENSIONS.map((name) => [name, words.dimensions[name] ?? name] as const),
          ]}
        />
        <TextField name="value" label={words.value} value={typed['value'] ?? ''} maxLength={256} />
        <TextField
          name="field"
          label={words.field}
          hint={words.fieldHint}
          value={typed['field'] ?? ''}
        />
      </ActForm>
      {preview !== null && <Preview preview={preview} />}
      <Cleanings cleanings={cleanings} />
    </SettingsRow>
  );
}
