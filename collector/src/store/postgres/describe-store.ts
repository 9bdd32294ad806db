import { MoveError } from '../moving/move-side.js';
import { StoreSchemaError } from '../store-schema-error.js';
import { explainServerError } from './explain-server-error.js';
import { readStoreAddress } from './store-address.js';

/**
 * Names a store for people: its hosts, database and schema, without who uses it and the password.
 *
 * @throws `MoveError` if the address cannot be read, or names no database.
 */
export function describeStore(address: string): string {
  const { urls } = readStoreAddress(address);
  const read = urls.map((url) => (URL.canParse(url) ? new URL(url) : undefined));
  const [first] = read;
  if (first === undefined || read.includes(undefined)) {
    throw new MoveError('The address of the store cannot be read. Is a part of it not encoded?');
  }
  const hosts = read.map((url) => url?.host ?? '').join(',');
  if (first.pathname.length <= 1) {
    throw new MoveError(
      `The address of the store at ${hosts} names no database. Add it: postgres://…@${hosts}/<database>`,
    );
  }
  const schema = /search_path=([\w,"]+)/.exec(first.searchParams.get('options') ?? '')?.[1];
  const place = `postgres://${hosts}${first.pathname}`;
  return schema === undefined ? place : `${place}, schema ${schema}`;
}

/** Says why a store cannot be used, and what to do; the move can be run again afterwards. */
export function explainConnectError(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || error instanceof MoveError) return error;
  if (error instanceof StoreSchemaError) {
    return new MoveError(`${name} cannot be used: ${error.message}`, { cause: error });
  }
  return new MoveError(
    `${name} cannot be used: ${explainServerError(error)}. Then run this again.`,
    {
      cause: error,
    },
  );
}
