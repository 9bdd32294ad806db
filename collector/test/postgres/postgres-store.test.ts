import { describe } from 'vitest';
import { storeContract } from '../contracts/store-contract.js';
import { openTemporaryStore } from './support/open-temporary-store.js';

describe('the store on PostgreSQL', () => {
  storeContract(() => openTemporaryStore());
});
