import { describe } from 'vitest';
import { placesModel } from '../contracts/places-model-contract.js';
import { postgresPlace } from './support/postgres-place.js';

describe('values of a full project on PostgreSQL', () => placesModel(postgresPlace, 0.5));
