/** Stores that answer at once and those that must wait share one contract. */
export type Eventually<Value> = Value | Promise<Value>;
