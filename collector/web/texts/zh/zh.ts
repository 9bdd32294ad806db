import type { Texts } from '../en/en.js';
import { charts } from './charts.js';
import { frame } from './frame.js';
import { home } from './home.js';

export const zh: Texts = { charts, frame, home };
