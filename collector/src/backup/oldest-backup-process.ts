import { oldestBackup } from './oldest-backup.js';

process.stdout.write(JSON.stringify(oldestBackup(process.argv[2] ?? '') ?? null));
