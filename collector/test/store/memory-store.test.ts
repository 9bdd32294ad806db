import { describe } from 'vitest';
import { storeContract } from '../contracts/store-contract.js';
import { createMemoryStore } from '../memory-store/memory-store.js';

describe('the memory store', () => storeContract(createMemoryStore));
