import { charts } from './charts.js';
import { frame } from './frame.js';
import { home } from './home.js';
import { range } from './range.js';
import { retention } from './retention.js';

/** The English texts: one member for each part of the dashboard, from the file of its name. */
export const en = { charts, frame, home, range, retention };

/** What every language has a text for. */
export type Texts = typeof en;
