import { describe } from 'vitest';
import { storeModel } from '../contracts/store-model-contract.js';
import { sqlitePlace } from '../support/sqlite-place.js';

describe('the SQLite store', () => storeModel(sqlitePlace));
