const CODE = 'STORE_DOWN';

/** The store cannot be reached, or does not take what it is given now. It is tried again. */
export class StoreDownError extends Error {
  override readonly name = 'StoreDownError';
  readonly code = CODE;
}

/** Whether an error is a {@link StoreDownError}, also if it comes from another thread. */
export const isStoreDown = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === CODE;
