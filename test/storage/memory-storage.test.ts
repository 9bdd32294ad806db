import { memoryStorage } from '../../src/storage/memory-storage.js';
import { keyValueContract } from '../contracts/key-value-contract.js';
import { outboxContract } from '../contracts/outbox-contract.js';

keyValueContract('memory', memoryStorage);
outboxContract('memory', () => memoryStorage().outbox);
