import { describe } from 'vitest';
import { naiveCountModel } from '../contracts/naive-count-contract.js';
import { temporarySchema } from './support/temporary-schema.js';

describe('a collector with its counts in PostgreSQL', () => naiveCountModel(temporarySchema, 0.4));
