import { describe } from 'vitest';
import { naiveCountModel } from '../contracts/naive-count-contract.js';

describe('a collector with its counts in its folder', () =>
  naiveCountModel(() => Promise.resolve(undefined)));
