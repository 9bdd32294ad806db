import type { Refusal } from '../ask-as-caller.js';
import { HIDDEN } from '../gather.js';

/**
 * What stands in the place of a part that was refused: nothing if the caller may not know it. Otherwise
 * the part failed, and the rest of the page is needed all the more.
 */
export const unlessRead = ({ code }: Refusal): null | 'unread' =>
  HIDDEN.includes(code) ? null : 'unread';
