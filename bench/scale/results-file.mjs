// @ts-check
import { fileURLToPath } from 'node:url';

export const SCALE_RESULTS_FILE = fileURLToPath(new URL('../results/scale.json', import.meta.url));
