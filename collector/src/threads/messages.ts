/** The operations of a worker thread, by name. Inputs and results are structured-cloned. */
export type Operations = Record<string, (input: never) => unknown>;

export interface Request {
  readonly id: number;
  readonly operation: string;
  readonly input: unknown;
}

/** A serialized error, since messages between threads lose classes and own fields. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure };

/** The operation of every thread that closes its resources and ends it. */
export const CLOSE = 'close';

/** Serializes an error. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: String(error), code: undefined, stack: undefined };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, message: error.message, code, stack: error.stack };
}

/** The inverse of {@link toFailure}. */
export function fromFailure(failure: Failure): Error {
  const error = new Error(failure.message);
  error.name = failure.name;
  if (failure.stack !== undefined) error.stack = failure.stack;
  return Object.assign(error, failure.code === undefined ? {} : { code: failure.code });
}
