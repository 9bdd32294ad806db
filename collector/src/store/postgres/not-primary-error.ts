/** The code of a {@link NotPrimaryError}. */
export const NOT_PRIMARY = 'NOT_PRIMARY';

/** A server is a standby where one is needed that takes writes. */
export class NotPrimaryError extends Error {
  override readonly name = 'NotPrimaryError';
  readonly code = NOT_PRIMARY;

  constructor({ host, port }: { readonly host: string; readonly port: number }) {
    super(`${host}:${port} is not the primary`);
  }
}
