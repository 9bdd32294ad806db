import type { Twin } from '../page/twin.js';

/** What the cursor says of a row: `Wed 14 Oct, Active 1,260, Forecast 2,849`. */
export const rowSpeech = (twin: Twin, row: number): string =>
  (twin.rows[row] ?? [])
    .map(({ text }, i) => (i > 0 && text !== '' ? `${twin.columns[i]?.name} ${text}` : text))
    .filter((part) => part !== '')
    .join(', ');
