import { usePage } from '../../page/use-page.js';
import type { HrefOfDay } from './overview-twins.js';

/** The URL of the page with a day opened. */
export function useHrefOfDay(): HrefOfDay {
  const { href } = usePage();
  return (day) => `${href({ day })}#day`;
}
