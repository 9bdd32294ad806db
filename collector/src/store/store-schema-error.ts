/** The schema of a shared store is none that this release can work with. The message says what to do. */
export class StoreSchemaError extends Error {
  override readonly name = 'StoreSchemaError';
}
