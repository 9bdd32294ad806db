import type { ComponentChildren, VNode } from 'preact';
import { useContext } from 'preact/hooks';
import { Icon } from '../../charts/icon.js';
import { useLanguage } from '../../language/language.js';
import type { SettingsAct } from '../../page/settings-acts.js';
import { usePage } from '../../page/use-page.js';
import { TickField } from './fields.js';
import { errorText } from './error-text.js';
import { fieldId } from './field-id.js';
import { FailureContext, FormContext } from './form-context.js';

interface ActFormProps {
  readonly act: SettingsAct;
  /** Further fields: `id` tells forms of one act apart. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly button: string;
  readonly kind?: 'go' | 'no' | 'plain';
  /** What somebody must say to have understood. */
  readonly confirm?: string | undefined;
  readonly children?: ComponentChildren;
}

/** A form of the settings. It needs no script. */
export function ActForm(props: ActFormProps): VNode {
  const { act, hidden = {}, button, kind = 'plain', confirm, children } = props;
  const language = useLanguage();
  const { frame, href } = usePage();
  const failed = useContext(FailureContext);
  const isFailed = failed?.act === act && failed.typed['id'] === hidden['id'];
  const failure = isFailed ? failed : null;
  const idOf = (field: string): string => fieldId(act, hidden['id'], field);
  return (
    <FormContext.Provider value={{ idOf, failure }}>
      <form class="fields" method="post" action={href({})}>
        {frame.formKey !== null && <input type="hidden" name="form_key" value={frame.formKey} />}
        <input type="hidden" name="act" value={act} />
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {failure !== null && failure.field === null && (
          <p class="note bad" id={idOf('form')}>
            <Icon name="bad" />
            {errorText(failure, language)}
          </p>
        )}
        {children}
        {confirm !== undefined && <TickField name="understood" label={confirm} isRequired />}
        <div class="acts2">
          <button class={kind === 'plain' ? 'btn' : `btn ${kind}`}>{button}</button>
        </div>
      </form>
    </FormContext.Provider>
  );
}
