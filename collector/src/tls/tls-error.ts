/** Why a certificate and its key cannot be used. */
export type TlsProblem =
  | 'tls_cert_unreadable'
  | 'tls_cert_malformed'
  | 'tls_key_unreadable'
  | 'tls_key_malformed'
  | 'tls_key_encrypted'
  | 'tls_key_mismatch'
  | 'tls_chain_order'
  | 'tls_pair_refused'
  | 'tls_cert_expired'
  | 'tls_cert_not_yet_valid';

/**
 * A certificate and its key cannot be used. The message says which file, why, and what to do, and
 * begins with a small letter.
 */
export class TlsError extends Error {
  override readonly name = 'TlsError';

  constructor(
    readonly code: TlsProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
