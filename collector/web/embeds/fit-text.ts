import { textWidth } from '../charts/text-width.js';

/** The size that {@link textWidth} measures, in pixels. */
const MEASURED_PX = 12;

/** What may not be in XML, even as an escape. */
const NOT_XML = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu;

/** A text as XML may have it. */
export const xmlText = (text: string): string => text.replace(NOT_XML, '\uFFFD');

/** As much of a text as has room, with an ellipsis if it is cut. */
export function fitText(text: string, widthPx: number, sizePx = 13): string {
  const room = (widthPx * MEASURED_PX) / sizePx;
  const whole = xmlText(text);
  if (textWidth(whole) <= room) return whole;
  const characters = Array.from(whole);
  while (characters.length > 0 && textWidth(`${characters.join('')}…`) > room) characters.pop();
  return `${characters.join('')}…`;
}
