import { MoveError } from '../moving/move-side.js';
import { SchemaError } from '../../sqlite/migrate.js';
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

/** What codes of the server mean, and what to do. */
const MEANINGS: Readonly<Partial<Record<string, string>>> = {
  '28P01': 'the password is wrong, or there is no such user. Correct the address',
  '28000': 'the server does not let this user in. Correct the address, or its pg_hba.conf',
  '3D000': 'there is no such database. Make it with createdb',
  '3F000': 'there is no such schema. Make it with CREATE SCHEMA, or correct the address',
  '42501': 'this user may not do that. Give it the database, or its schema',
  '53100': 'its disk is full. Make room',
  '53300': 'it has too many connections. End some, or let it have more',
  ECONNREFUSED: 'nothing answers there. Start it, or correct the address',
  ENOTFOUND: 'there is no such host. Correct the address',
  ETIMEDOUT: 'it does not answer in time. Is a firewall between?',
  '57P01': 'it was shut down. Start it',
};

/** Says why a store cannot be used, and what to do; the move can be run again afterwards. */
export function explainConnectError(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || error instanceof MoveError) return error;
  if (error instanceof SchemaError) {
    return new MoveError(`${name} cannot be used: ${error.message}`, { cause: error });
  }
  const code = 'code' in error ? String(error.code) : '';
  const meaning = MEANINGS[code] ?? `${error.message.replace(/\.$/, '')}${code && ` (${code})`}`;
  return new MoveError(`${name} cannot be used: ${meaning}. Then run this again.`, {
    cause: error,
  });
}
