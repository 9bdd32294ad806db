/** What a worker thread can be asked, by name. Inputs and results are structured-cloned. */
export type Operations = Record<string, (input: never) => unknown>;

export interface Request {
  readonly id: number;
  readonly operation: string;
  readonly input: unknown;
}

/** An error as it crosses the thread's border, where its class and its own fields are lost. */
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

/** The operation every thread knows: close what is open and end. */
export const CLOSE = 'close';

/** Flattens an error so that it can be posted. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: String(error), code: undefined, stack: undefined };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, message: error.message, code, stack: error.stack };
}

/** Makes an error again of what {@link toFailure} flattened. */
export function fromFailure(failure: Failure): Error {
  const error = new Error(failure.message);
  error.name = failure.name;
  if (failure.stack !== undefined) error.stack = failure.stack;
  return Object.assign(error, failure.code === undefined ? {} : { code: failure.code });
}
