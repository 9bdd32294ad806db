import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where the screenshots of a run are kept, for people to look at. CI keeps the folder. */
export const SCREENSHOTS = join(root, 'test-results', 'screenshots');

/** The file of a screenshot: `versions-360-dark-zh.png`. */
export const screenshotFile = (...parts: readonly (string | number)[]): string =>
  join(SCREENSHOTS, `${parts.join('-')}.png`);
