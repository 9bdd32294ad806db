import { nullStorage } from '../../src/storage/null-storage.js';
import { keyValueContract } from '../contracts/key-value-contract.js';
import { outboxContract } from '../contracts/outbox-contract.js';

keyValueContract('null', nullStorage, { keeps: false });
outboxContract('null', () => nullStorage().outbox, { keeps: false });
