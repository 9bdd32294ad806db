/** How an option is set, read and explained. */
export interface Option<Value> {
  /** The flag's name. Secrets have no flag, since every user of a machine can read flags. */
  readonly flag?: string;
  /** For a flag without a value: the text it stands for, and its help. */
  readonly toggle?: { readonly means: string; readonly help: string };
  readonly variable: string;
  readonly fallback: Value;
  readonly expected: string;
  /** Returns `undefined` for an unexpected text. */
  readonly parse: (text: string) => Value | undefined;
  /** Whether messages must not show the given value. */
  readonly isSecret?: boolean;
  /** Writes a value as people set it. */
  readonly write?: (value: Value) => string;
}

/** Any option. What it writes is a value of its own. */
export type AnyOption = Omit<Option<unknown>, 'write'> & {
  readonly write?: (value: never) => string;
};
