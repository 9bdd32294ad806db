import { createContext } from 'preact';
import type { SettingsFailure } from '../../page/settings-content.js';

/** The failure of the page, for its forms. */
export const FailureContext = createContext<SettingsFailure | null>(null);

/** The form that fields are drawn in. */
interface FormContextValue {
  readonly idOf: (field: string) => string;
  /** What is wrong with the form, if anything. */
  readonly failure: SettingsFailure | null;
}

export const FormContext = createContext<FormContextValue | undefined>(undefined);
