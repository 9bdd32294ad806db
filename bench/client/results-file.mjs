// @ts-check
import { fileURLToPath } from 'node:url';

export const CLIENT_RESULTS_FILE = fileURLToPath(
  new URL('../results/client.json', import.meta.url),
);
