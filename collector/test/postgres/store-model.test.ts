import { describe } from 'vitest';
import { storeModel } from '../contracts/store-model-contract.js';
import { postgresPlace } from './support/postgres-place.js';

describe('the store on PostgreSQL', () => storeModel(postgresPlace, 0.2));
