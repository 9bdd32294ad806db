// @ts-check
import { fileURLToPath } from 'node:url';

export const COLLECTOR_RESULTS_FILE = fileURLToPath(
  new URL('../results/collector.json', import.meta.url),
);
