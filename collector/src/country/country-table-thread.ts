import { serveThread } from '../threads/serve-thread.js';
import { readCountryTable } from './read-country-table.js';

const operations = { read: (files: readonly string[]) => readCountryTable(files) };

/** The operations of the thread that reads a table of countries. */
export type CountryTableOperations = typeof operations;

serveThread(operations, () => undefined);
