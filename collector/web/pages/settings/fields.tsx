import type { ComponentChildren, VNode } from 'preact';
import { useContext } from 'preact/hooks';
import { useLanguage } from '../../language/language.js';
import { errorText } from './error-text.js';
import { FormContext } from './form-context.js';

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** What is set now. */
  readonly value?: string;
}

/** A field as its form and the last try have it. */
function useField({ name, hint, value = '' }: Omit<FieldProps, 'label'>) {
  const language = useLanguage();
  const form = useContext(FormContext);
  if (form === undefined) throw new Error('A field is drawn outside of a form.');
  const { failure, idOf } = form;
  const id = idOf(name);
  const error = failure?.field === name ? errorText(failure, language) : null;
  const described = [hint !== undefined && `${id}-hint`, error !== null && `${id}-error`].filter(
    (part) => part !== false,
  );
  return {
    error,
    value: failure?.typed[name] ?? value,
    wasSent: failure !== null,
    attributes: {
      ...{ id, name },
      'aria-invalid': error === null ? undefined : ('true' as const),
      'aria-describedby': described.length === 0 ? undefined : described.join(' '),
    },
  };
}

interface FieldFrameProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly error: string | null;
  readonly isWhole?: boolean;
  readonly children: ComponentChildren;
}

function FieldFrame({ id, label, hint, error, isWhole = false, children }: FieldFrameProps): VNode {
  return (
    <div class={isWhole ? 'field whole' : 'field'}>
      <label for={id}>{label}</label>
      {children}
      <Below id={id} hint={hint} error={error} />
    </div>
  );
}

const Below = ({ id, hint, error }: Pick<FieldFrameProps, 'id' | 'hint' | 'error'>) => (
  <>
    {error !== null && (
      <span class="error" id={`${id}-error`}>
        {error}
      </span>
    )}
    {hint !== undefined && (
      <span class="hint" id={`${id}-hint`}>
        {hint}
      </span>
    )}
  </>
);

interface TextFieldProps extends FieldProps {
  readonly type?: 'text' | 'date';
  readonly isRequired?: boolean;
  readonly isWhole?: boolean;
  readonly maxLength?: number;
}

export function TextField(props: TextFieldProps): VNode {
  const { label, hint, type = 'text', isRequired, isWhole = false, maxLength } = props;
  const { attributes, value, error } = useField(props);
  return (
    <FieldFrame id={attributes.id} {...{ label, hint, error, isWhole }}>
      {type === 'date' ? (
        <input {...attributes} type="date" defaultValue={value} required={isRequired} />
      ) : (
        <input
          {...attributes}
          type="text"
          defaultValue={value}
          required={isRequired}
          maxLength={maxLength}
          autocomplete="off"
        />
      )}
    </FieldFrame>
  );
}

interface AreaFieldProps extends FieldProps {
  readonly rows: number;
  readonly isWhole?: boolean;
  readonly isRequired?: boolean;
}

export function AreaField(props: AreaFieldProps): VNode {
  const { label, hint, rows, isWhole = false, isRequired } = props;
  const { attributes, value, error } = useField(props);
  return (
    <FieldFrame id={attributes.id} {...{ label, hint, error, isWhole }}>
      <textarea
        {...attributes}
        class="mono"
        rows={rows}
        required={isRequired}
        spellcheck={false}
        defaultValue={value}
      />
    </FieldFrame>
  );
}

interface SelectFieldProps extends FieldProps {
  readonly options: readonly (readonly [value: string, text: string])[];
}

export function SelectField(props: SelectFieldProps): VNode {
  const { label, hint, options } = props;
  const { attributes, value: chosen, error } = useField(props);
  return (
    <FieldFrame id={attributes.id} {...{ label, hint, error }}>
      <select {...attributes}>
        {options.map(([value, text]) => (
          <option key={value} value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

interface TickFieldProps extends Omit<FieldProps, 'value'> {
  readonly isOn?: boolean;
  readonly isRequired?: boolean;
}

/** A checkbox. One that is off is not sent. */
export function TickField(props: TickFieldProps): VNode {
  const { name, label, hint, isOn = false, isRequired } = props;
  const { attributes, value, error, wasSent } = useField({
    ...{ name, value: isOn ? 'true' : '' },
    ...(hint !== undefined && { hint }),
  });
  // What was sent without it was off.
  const typed = useContext(FormContext)?.failure?.typed[name] === 'true';
  return (
    <div class="field whole">
      <label class="tick">
        <input
          {...attributes}
          type="checkbox"
          value="true"
          defaultChecked={wasSent ? typed : value === 'true'}
          required={isRequired}
        />
        <span>{label}</span>
      </label>
      <Below id={attributes.id} hint={hint} error={error} />
    </div>
  );
}
