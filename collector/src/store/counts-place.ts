/** Where the counts are kept. Threads get it, so it is of plain values. */
export type CountsPlace =
  | {
      readonly kind: 'sqlite';
      /** Of `counts.db`. */
      readonly path: string;
    }
  | {
      readonly kind: 'postgres';
      /** As `readStoreAddress()` reads it. */
      readonly address: string;
    };
