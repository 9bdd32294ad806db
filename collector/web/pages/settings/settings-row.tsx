import type { ComponentChildren, VNode } from 'preact';
import { Icon } from '../../charts/icon.js';
import { Row } from '../../frame/row.js';
import { useLanguage } from '../../language/language.js';
import { SETTINGS_ACTS, type SettingsAct, type SettingsSection } from '../../page/settings-acts.js';

interface SettingsRowProps {
  readonly section: SettingsSection;
  /** What was done on the page just now. */
  readonly done: SettingsAct | null;
  readonly children: ComponentChildren;
}

/** A section of the settings, which says what was done in it just now. */
export function SettingsRow({ section, done, children }: SettingsRowProps): VNode {
  const { settings } = useLanguage().texts;
  const { name, unit } = settings.sections[section];
  return (
    <Row name={name} unit={unit} id={section}>
      <div class="stacked">
        {done !== null && SETTINGS_ACTS[done] === section && (
          <p class="note" role="status">
            <Icon name="ok" />
            {settings.done[done]}
          </p>
        )}
        {children}
      </div>
    </Row>
  );
}
