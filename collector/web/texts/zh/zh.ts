import type { Texts } from '../en/en.js';
import { charts } from './charts.js';

export const zh: Texts = { charts };
