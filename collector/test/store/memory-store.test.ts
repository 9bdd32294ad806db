import { describe } from 'vitest';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { storeContract } from '../contracts/store-contract.js';

describe('the memory store', () => storeContract(createMemoryStore));
