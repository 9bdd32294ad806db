import type pg from 'pg';
import { types } from './connection.js';
import type { StoreAddress } from './store-address.js';

/** How long a connection may take to be opened, in milliseconds. */
const CONNECT_MS = 5000;

/** How to connect to each host of an address. */
export const clientConfigs = ({ urls }: StoreAddress): pg.ClientConfig[] =>
  urls.map((url) => ({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'headcount-collector',
    keepAlive: true,
    types,
  }));
