import { describe } from 'vitest';
import { placesModel } from '../contracts/places-model-contract.js';
import { sqlitePlace } from '../support/sqlite-place.js';

describe('values of a full project in SQLite', () => placesModel(sqlitePlace));
