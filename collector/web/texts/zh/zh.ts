import type { Texts } from '../en/en.js';
import { charts } from './charts.js';
import { frame } from './frame.js';
import { home } from './home.js';
import { range } from './range.js';
import { retention } from './retention.js';

export const zh: Texts = { charts, frame, home, range, retention };
